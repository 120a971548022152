//! No secret is printed, and none stays in memory.

use korewebhook::scheme::standard_webhooks::StandardKeyRing;
use korewebhook::{
    Error, Format, Head, KeyRing, KoreSha256, Prefix, Reason, Secret, SignedUrl, Signer, Storage, Verifier,
};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};

const URL: &str = "https://hooks.example.com/kore/";

#[test]
fn debug_shows_no_secret() {
    let secret = "correct-horse-battery";
    let ring: KeyRing = KeyRing::from_secrets([secret]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    let verifier = Verifier::new(&ring, &url).expect("a verifier");
    let one: &Secret = ring.get(0).expect("a secret");
    let mut standard: StandardKeyRing = StandardKeyRing::new();
    standard.push_key(b"correct-horse-battery-staple").expect("a key");
    let signer = Signer::new(one, &url);
    let signature = signer.sign(Format::Form, b"a=1").expect("a signature");
    let hex = signature.to_string();
    let headers = [("kore-signature", hex.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let mut storage: Storage = Storage::new();
    let mut prefix: Prefix = Prefix::new();
    let prepared = verifier.prepare(&mut prefix).expect("no failure");
    let stream = prepared.start(&Head::new("POST", headers), &mut storage);
    let once =
        verifier.judge_head_once(KoreSha256::new(), &Head::new("POST", headers), b"a=1").expect("accepted");
    let shown = [
        format!("{once:?}"),
        format!("{ring:?}"),
        format!("{one:?}"),
        format!("{standard:?}"),
        format!("{verifier:?} {prepared:?}"),
        format!("{signer:?}"),
        format!("{signature:?}"),
        format!("{stream:?}"),
        format!("{:?} {0}", Error::from(Reason::SignatureMismatch)),
        format!("{:?} {:?}", Prefix::<KoreSha256, 8>::new(), Storage::<KoreSha256>::new()),
    ];
    for text in shown {
        assert!(!text.contains("horse"), "{text}");
        assert!(!text.contains(&hex), "{text}");
        assert!(!text.is_empty());
    }
}

/// Where these bytes stand in the writable memory of this process. The needle is given masked, so that it
/// doesn't find itself.
fn find_in_memory(masked: &[u8], mask: u8) -> BTreeSet<u64> {
    let maps = BufReader::new(File::open("/proc/self/maps").expect("Linux"));
    let mut memory = File::open("/proc/self/mem").expect("Linux");
    let mut buffer = vec![0; 1 << 16];
    let mut found = BTreeSet::new();
    for line in maps.lines().map(|line| line.expect("text")) {
        let mut columns = line.split_whitespace();
        let (range, rights) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        if !rights.starts_with("rw") || line.ends_with("[vvar]") {
            continue;
        }
        let (from, to) = range.split_once('-').expect("a range");
        let (from, to) =
            (u64::from_str_radix(from, 16).expect("hex"), u64::from_str_radix(to, 16).expect("hex"));
        // In pieces that overlap by a needle. Masked before the next one is read, so that this buffer is no
        // hiding place either.
        for at in (from..to).step_by(buffer.len() - masked.len()) {
            let len = buffer.len().min(usize::try_from(to - at).expect("it fits"));
            let piece = &mut buffer[..len];
            if memory.seek(SeekFrom::Start(at)).is_err() || memory.read_exact(piece).is_err() {
                break;
            }
            piece.iter_mut().for_each(|byte| *byte = byte.wrapping_add(mask));
            let places = (at..).zip(piece.windows(masked.len()));
            found.extend(places.filter(|(_, window)| *window == masked).map(|(at, _)| at));
        }
    }
    found
}

#[test]
fn a_dropped_secret_is_gone_from_memory() {
    const MASK: u8 = 0x5A;
    let masked: Vec<u8> = (0..24_u8).map(|n| (n.wrapping_mul(37) | 1).wrapping_add(MASK)).collect();
    let plain: Vec<u8> = masked.iter().map(|byte| byte.wrapping_sub(MASK)).collect();
    assert!(!find_in_memory(&masked, MASK).is_empty(), "the search finds what is there");

    // Dropped where they stand, in memory that stays: an allocator scribbles over what it gets back.
    let (mut rings, mut storages, mut prefixes) =
        (vec![KeyRing::<2>::new()], vec![Storage::<KoreSha256>::new()], vec![Prefix::<KoreSha256, 2>::new()]);
    let ring = rings.first_mut().expect("it is there");
    ring.push_raw(&plain).expect("a secret");
    // Short enough for the whole prefix to wait in a hasher's 64-byte buffer.
    let url = SignedUrl::new("https://h.example/k").expect("a URL");
    let verifier = Verifier::new(ring, &url).expect("a verifier");
    let headers = [("kore-signature", "0".repeat(64)), ("content-type", "application/json".to_owned())];
    let head = Head::new("POST", headers.iter().map(|(n, v)| (*n, v)));
    let prepared = verifier.prepare(prefixes.first_mut().expect("it is there")).expect("no failure");
    assert!(prepared.verify(&head, b"{}").is_err());
    let mut stream = prepared.start(&head, storages.first_mut().expect("it is there"));
    stream.update(b"{").expect("no bound is exceeded");
    // A stream that is refused halfway leaves nothing in its storage.
    let mut refused = Box::new(Storage::<KoreSha256>::new());
    let mut stream = verifier.start(&head, &mut *refused);
    stream.update(b"}").expect("no bound is exceeded");
    assert!(stream.finish().is_err());
    let wiped = plain.len();
    {
        // What the test itself holds.
        let mut plain = plain;
        plain.iter_mut().for_each(|byte| *byte = 0);
        assert_eq!(std::hint::black_box(&plain).len(), wiped);
    }
    let found = find_in_memory(&masked, MASK);
    let inside = |start: usize, len: usize| {
        found.iter().any(|&at| usize::try_from(at).is_ok_and(|at| (start..start + len).contains(&at)))
    };
    let storage = size_of::<Storage>();
    assert!(inside(storages.as_ptr().addr(), storage), "a stream under way holds it");
    assert!(!inside((&raw const *refused).addr(), storage), "one that is refused doesn't");
    storages.clear();
    prefixes.clear();
    rings.clear();
    assert_eq!(find_in_memory(&masked, MASK), BTreeSet::new(), "every copy was wiped");
}

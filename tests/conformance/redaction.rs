//! No secret is printed, and none stays in memory.

use korewebhook::scheme::standard_webhooks::StandardKeyRing;
use korewebhook::{
    Error, Format, Head, KeyRing, KoreSha256, Prefix, Reason, Secret, SignedUrl, Signer, Storage, Verifier,
};
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
    let shown = [
        format!("{ring:?}"),
        format!("{one:?}"),
        format!("{standard:?}"),
        format!("{verifier:?} {prepared:?}"),
        format!("{signer:?}"),
        format!("{signature:?}"),
        format!("{stream:?}"),
        format!("{:?} {0}", Error::from(Reason::SignatureMismatch)),
        format!("{:?} {:?}", Prefix::<KoreSha256, 8>::new(), Storage::<KoreSha256, 8>::new()),
    ];
    for text in shown {
        assert!(!text.contains("horse"), "{text}");
        assert!(!text.contains(&hex), "{text}");
        assert!(!text.is_empty());
    }
}

/// Where these bytes stand in the writable memory of this process. The needle is given masked, so that it doesn't find itself.
fn find_in_memory(masked: &[u8], mask: u8) -> usize {
    let maps = BufReader::new(File::open("/proc/self/maps").expect("Linux"));
    let mut memory = File::open("/proc/self/mem").expect("Linux");
    let mut found = 0;
    for line in maps.lines().map(|line| line.expect("text")) {
        let mut columns = line.split_whitespace();
        let (range, rights) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        if !rights.starts_with("rw") || line.ends_with("[vvar]") {
            continue;
        }
        let (from, to) = range.split_once('-').expect("a range");
        let (from, to) =
            (u64::from_str_radix(from, 16).expect("hex"), u64::from_str_radix(to, 16).expect("hex"));
        let mut bytes = vec![0; usize::try_from(to - from).expect("it fits")];
        if memory.seek(SeekFrom::Start(from)).is_err() || memory.read_exact(&mut bytes).is_err() {
            continue;
        }
        // Masked before the search, so that a later one doesn't find this copy. Adding, unlike XOR, isn't undone where a copy is copied again.
        bytes.iter_mut().for_each(|byte| *byte = byte.wrapping_add(mask));
        found += bytes.windows(masked.len()).filter(|window| *window == masked).count();
    }
    found
}

#[test]
fn a_dropped_secret_is_gone_from_memory() {
    const MASK: u8 = 0x5A;
    let masked: Vec<u8> = (0..24_u8).map(|n| (n.wrapping_mul(37) | 1).wrapping_add(MASK)).collect();
    let plain: Vec<u8> = masked.iter().map(|byte| byte.wrapping_sub(MASK)).collect();
    assert!(find_in_memory(&masked, MASK) >= 1, "the search finds what is there");

    // Dropped where they stand, in memory that stays: an allocator scribbles over what it gets back.
    let (mut rings, mut storages, mut prefixes) =
        (vec![KeyRing::<2>::new()], vec![Storage::new()], vec![Prefix::new()]);
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
    let wiped = plain.len();
    {
        // What the test itself holds.
        let mut plain = plain;
        plain.iter_mut().for_each(|byte| *byte = 0);
        assert_eq!(std::hint::black_box(&plain).len(), wiped);
    }
    assert!(find_in_memory(&masked, MASK) >= 3, "ring, prefix and stream hold it");
    storages.clear();
    prefixes.clear();
    rings.clear();
    assert_eq!(find_in_memory(&masked, MASK), 0, "every copy was wiped");
}

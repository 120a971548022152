use std::path::PathBuf;

pub const URL: &str = "https://testendpoint.com/";

pub struct Workload {
    pub name: String,
    pub content_type: String,
    pub secrets: Vec<String>,
    pub deliveries: Vec<Delivery>,
}

pub struct Delivery {
    pub accepted: bool,
    pub signature: String,
    pub signed_len: usize,
    pub body: Vec<u8>,
}

impl Workload {
    /// All that `bodies.py` wrote into the folder that `KOREWEBHOOK_BODIES` names.
    pub fn all() -> Vec<Self> {
        let folder = std::env::var_os("KOREWEBHOOK_BODIES").expect("KOREWEBHOOK_BODIES: run make bench");
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
            .expect("the folder of the bodies")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "index"))
            .collect();
        paths.sort();
        assert!(!paths.is_empty(), "no bodies");
        paths.into_iter().map(Self::read).collect()
    }

    fn read(path: PathBuf) -> Self {
        let index = std::fs::read_to_string(&path).expect("an index");
        let bodies = std::fs::read(path.with_extension("bodies")).expect("bodies");
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let mut lines = index.lines();
        let mut first = lines.next().expect("a first line").split(' ').map(str::to_owned);
        let content_type = first.next().expect("a content type");
        let mut rest = &bodies[..];
        let deliveries = lines.map(|line| Delivery::read(line, &mut rest)).collect();
        Self { name, content_type, secrets: first.collect(), deliveries }
    }

    pub fn is_json(&self) -> bool {
        self.content_type == "application/json"
    }
}

impl Delivery {
    fn read(line: &str, bodies: &mut &[u8]) -> Self {
        let [accepted, signature, signed_len, len] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("four fields");
        };
        let (body, rest) = bodies.split_at(len.parse().expect("a length"));
        *bodies = rest;
        Self {
            accepted: accepted == "1",
            signature: signature.to_owned(),
            signed_len: signed_len.parse().expect("a length"),
            body: body.to_owned(),
        }
    }

    /// The header fields, as a server has them.
    pub fn headers<'a>(&'a self, content_type: &'a str) -> [(&'a str, &'a str); 7] {
        [
            ("host", "testendpoint.com"),
            ("user-agent", "KoreProxy/1.1"),
            ("date", "2024-09-25T19:09:48Z"),
            ("content-type", content_type),
            ("content-length", "1024"),
            ("kore-idempotency-token", "0123456789abcdef-0123"),
            ("kore-signature", &self.signature),
        ]
    }
}

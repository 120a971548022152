//! The real `korewebhook` command: built, run, and ended by its process id.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

/// The command, without the environment's secrets.
pub fn korewebhook() -> Command {
    let mut command = Command::new(binary());
    command.env_remove("KOREWEBHOOK_SECRET").stdin(Stdio::null());
    command
}

/// Builds the command once and says where it is: beside the tests, in the profile that the tests have.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let test = std::env::current_exe().expect("a test knows where it is");
        let profile = test.parent().and_then(Path::parent).expect("tests lie in PROFILE/deps");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--locked", "--package", "korewebhook-cli", "--target-dir"]);
        build.arg(profile.parent().expect("a profile lies in the target folder"));
        if profile.ends_with("release") {
            build.arg("--release");
        }
        let status = build.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo runs");
        assert!(status.success(), "cargo build --package korewebhook-cli failed");
        profile.join(format!("korewebhook{}", std::env::consts::EXE_SUFFIX))
    })
}

/// Runs the command to its end with this standard input.
pub fn run(command: &mut Command, stdin: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let stdin = stdin.to_vec();
    // A command that needs no input may be gone before it is written.
    let writer = std::thread::spawn(move || pipe.write_all(&stdin));
    let output = child.wait_with_output().expect("it ends");
    drop(writer.join());
    output
}

/// Standard output, standard error and exit code as text.
pub fn said(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

/// A running `korewebhook listen`.
#[derive(Debug)]
pub struct Receiver {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
}

impl Receiver {
    /// Starts one for `https://hooks.example.com/kore/` and waits until it is ready.
    pub fn start<A: AsRef<OsStr>>(secrets: &str, inbox: &Path, more: &[A]) -> Self {
        let mut command = korewebhook();
        command.env("KOREWEBHOOK_SECRET", secrets).args([
            "listen",
            "--addr",
            "127.0.0.1:0",
            "--url",
            URL,
            "--inbox",
        ]);
        command.arg(inbox).args(more).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let log = Arc::new(Mutex::new(Vec::new()));
        let (lines, stderr) = (Arc::clone(&log), child.stderr.take().expect("a pipe"));
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                lines.lock().expect("the log").push(line);
            }
        });
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
        let address = first.trim_end().strip_prefix("listening on ").and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("{first:?}; {:?}", log.lock()));
        Self { child, address, log, reader: Some(reader) }
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// A connection whose reads end sooner or later.
    pub fn connect(&self) -> TcpStream {
        self.try_connect().expect("it listens")
    }

    /// The same, where it may be gone.
    pub fn try_connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(stream)
    }

    /// Sends bytes on a connection of their own and reads the answer.
    pub fn send(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // An answer may come before all is sent.
        let _ = stream.write_all(request);
        Answer::read(&mut stream)
    }

    /// Sends a delivery as KORE does.
    pub fn deliver(&self, delivery: &Delivery<'_>) -> Answer {
        self.send(&delivery.request())
    }

    /// The log so far: a line for each request.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().expect("the log").clone()
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(status.expect("kill runs").success());
    }

    /// Waits for the end; the exit status and the whole log.
    pub fn wait(mut self) -> (ExitStatus, Vec<String>) {
        let status = self.child.wait().expect("it ends");
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the log is read");
        }
        (status, self.log())
    }

    /// Ends it as an operator would.
    pub fn stop(self) -> (ExitStatus, Vec<String>) {
        self.signal("TERM");
        self.wait()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // Whatever a failed test left running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The callback URL of every receiver here.
pub const URL: &str = "https://hooks.example.com/kore/";

/// A delivery as KORE sends it.
#[derive(Clone, Debug)]
pub struct Delivery<'a> {
    /// The secret that signs.
    pub secret: &'a str,
    /// The body as it goes over the wire; JSON where it begins like JSON.
    pub body: &'a [u8],
    /// The idempotency token.
    pub token: Option<&'a str>,
}

impl<'a> Delivery<'a> {
    /// A delivery with a token.
    pub const fn new(secret: &'a str, body: &'a [u8], token: &'a str) -> Self {
        Self { secret, body, token: Some(token) }
    }

    fn is_json(&self) -> bool {
        matches!(self.body.first(), Some(b'{' | b'[' | b' ' | b'\n'))
    }

    /// The head, without the empty line.
    pub fn head(&self) -> String {
        let signed = if self.is_json() { crate::oracle::strip_json(self.body) } else { self.body.to_vec() };
        let signature = crate::oracle::kore_sha256(self.secret.as_bytes(), "POST", URL, &signed);
        let content_type = if self.is_json() {
            "application/json"
        } else {
            "application/x-www-form-urlencoded; charset=utf-8"
        };
        let token =
            self.token.map(|token| format!("Kore-Idempotency-Token: {token}\r\n")).unwrap_or_default();
        format!(
            "POST /kore/ HTTP/1.1\r\nHost: hooks.example.com\r\nUser-Agent: KoreProxy/1.1\r\nAccept: */*\r\n\
             Content-Length: {}\r\nContent-Type: {content_type}\r\nDate: 2024-07-03T14:40:58Z\r\n{token}\
             Kore-Signature: {signature}\r\nConnection: close\r\n",
            self.body.len()
        )
    }

    /// The whole request.
    pub fn request(&self) -> Vec<u8> {
        [self.head().as_bytes(), b"\r\n", self.body].concat()
    }
}

/// What came back over a connection until it was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code; 0 where the connection was closed without an answer.
    pub status: u16,
    /// The answer without its date.
    pub text: String,
}

impl Answer {
    /// Reads until the other end closes.
    pub fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        // A reset after the answer leaves the answer.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = text.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok()).unwrap_or(0);
        let text = text
            .lines()
            .filter(|line| !line.to_lowercase().starts_with("date:"))
            .collect::<Vec<_>>()
            .join("\n");
        Self { status, text }
    }
}

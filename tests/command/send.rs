use korewebhook_tests::command::{Receiver, URL, korewebhook, run, said};
use korewebhook_tests::oracle::{kore_sha256, strip_json};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Output;
use std::sync::Arc;

const BODY: &[u8] = b"[ {\"source\": \"s\", \"id\": \"1\"} ]";
const OK: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

fn send(to: &str, more: &[&str]) -> Output {
    let mut command = korewebhook();
    command
        .env("KOREWEBHOOK_SECRET", "secret-0123456789")
        .args(["send", "--url", URL, "--to", to])
        .args(more);
    run(&mut command, BODY)
}

/// Reads one request, with its body.
fn read(stream: &mut impl std::io::Read) -> String {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        assert_eq!(stream.read(&mut byte).expect("a request"), 1);
        request.extend_from_slice(&byte);
    }
    let mut body = vec![0; BODY.len()];
    stream.read_exact(&mut body).expect("a body");
    request.extend_from_slice(&body);
    String::from_utf8(request).expect("text")
}

/// Answers one connection; what was asked and what the command said.
fn exchange(answer: &'static [u8], more: &[&str]) -> (String, (String, String, Option<i32>)) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let to = format!("http://{}/path?query=1#fragment", listener.local_addr().expect("an address"));
    let peer = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let request = read(&mut stream);
        stream.write_all(answer).expect("it is sent");
        request
    });
    let output = send(&to, more);
    (peer.join().expect("a request"), said(&output))
}

#[test]
fn one_delivery_with_kore_s_headers() {
    let (request, said) = exchange(OK, &["--token", "RQ1", "--date", "2024-07-03T14:40:58Z"]);
    assert_eq!(said, ("204\n".to_owned(), String::new(), Some(0)));
    let (head, body) = request.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.split("\r\n");
    assert_eq!(lines.next(), Some("POST /path?query=1 HTTP/1.1"));
    let mut fields: Vec<_> =
        lines.filter(|line| !line.starts_with("host: 127.0.0.1:")).map(str::to_owned).collect();
    fields.sort();
    let signature = kore_sha256(b"secret-0123456789", "POST", URL, &strip_json(BODY));
    let expected = [
        format!("content-length: {}", BODY.len()),
        "content-type: application/json".to_owned(),
        "date: 2024-07-03T14:40:58Z".to_owned(),
        "kore-idempotency-token: RQ1".to_owned(),
        format!("kore-signature: {signature}"),
        "user-agent: KoreProxy/1.1".to_owned(),
    ];
    assert_eq!(fields, expected);
    assert_eq!(
        body.as_bytes(),
        BODY,
        "white space goes over the wire, the signature is over the canonical form"
    );
}

#[test]
fn any_other_answer_is_exit_code_1() {
    for (answer, status) in [
        (&b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"[..], "401\n"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "302\n"),
        (b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "503\n"),
        (b"", ""),
        (b"hello\r\n\r\n", ""),
    ] {
        let (_, (out, err, code)) = exchange(answer, &[]);
        assert_eq!((out.as_str(), code, err.is_empty()), (status, Some(1), !status.is_empty()), "{err}");
    }
    // Nobody there.
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    assert_eq!(send(&format!("http://{port}/"), &[]).status.code(), Some(1));
}

#[test]
fn from_send_to_listen() {
    let folder = tempfile::tempdir().expect("a folder");
    let inbox = folder.path().join("inbox.sqlite");
    let receiver = Receiver::start("secret-0123456789", &inbox, &[] as &[&str]);
    let to = format!("http://{}/", receiver.address());
    assert_eq!(said(&send(&to, &[])).2, Some(0));
    assert_eq!(said(&send(&to, &["--scheme", "hmac-sha256"])).0, "401\n");
    drop(receiver);
    let receiver = Receiver::start("secret-0123456789", &inbox, &["--scheme", "hmac-sha256"]);
    let to = format!("http://{}/", receiver.address());
    assert_eq!(said(&send(&to, &["--scheme", "hmac-sha256"])).0, "204\n");
    let (_, log) = receiver.stop();
    assert!(
        log.iter().any(|line| line.contains("outcome=duplicate")),
        "the event was stored before: {log:?}"
    );
}

/// A server with a certificate for `localhost`; the authority that the client is told to trust.
fn tls_server(folder: &Path, name: &str) -> (Arc<rustls::ServerConfig>, std::path::PathBuf) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let trusted = folder.join("trusted.pem");
    std::fs::write(&trusted, made.cert.pem()).expect("a file");
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a server");
    (Arc::new(config), trusted)
}

/// Over HTTPS, whose certificate is checked.
#[test]
fn over_https() {
    for (name, trusts, expected) in
        [("localhost", true, Some(0)), ("localhost", false, Some(1)), ("other.example", true, Some(1))]
    {
        let folder = tempfile::tempdir().expect("a folder");
        let (config, trusted) = tls_server(folder.path(), name);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let to = format!("https://localhost:{}/", listener.local_addr().expect("an address").port());
        let peer = std::thread::spawn(move || {
            let (stream, _) = listener.accept().expect("a connection");
            let mut tls =
                rustls::StreamOwned::new(rustls::ServerConnection::new(config).expect("a server"), stream);
            let mut first = [0; 4];
            // A client that doesn't trust the server leaves before it asks for anything.
            if tls.read_exact(&mut first).is_ok() {
                tls.write_all(OK).expect("it is sent");
                let stream: &TcpStream = tls.get_ref();
                stream.shutdown(std::net::Shutdown::Write).expect("closed");
                return first == *b"POST";
            }
            false
        });
        let mut command = korewebhook();
        let roots = if trusts { trusted } else { folder.path().join("none.pem") };
        if !trusts {
            std::fs::write(&roots, "").expect("a file");
        }
        command.env("KOREWEBHOOK_SECRET", "secret-0123456789").env("SSL_CERT_FILE", &roots);
        command.args(["send", "--url", URL, "--to", &to]);
        let (out, err, code) = said(&run(&mut command, BODY));
        assert_eq!(code, expected, "{name}, {trusts}: {out}{err}");
        assert_eq!(peer.join().expect("a peer"), expected == Some(0));
    }
}

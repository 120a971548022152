use crate::{URL, with_secret};
use korewebhook_tests::command::{korewebhook, run, said};
use korewebhook_tests::oracle::kore_sha256;

fn files(secrets: &[&str], more: &[&str], stdin: &[u8]) -> (String, String, Option<i32>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = korewebhook();
    command.args(["sign", "--url", URL]).args(more);
    for (at, secret) in secrets.iter().enumerate() {
        let path = folder.path().join(at.to_string());
        std::fs::write(&path, secret).expect("a file");
        command.arg("--secret-file").arg(path);
    }
    said(&run(&mut command, stdin))
}

#[test]
fn secrets_come_from_files() {
    let signature = kore_sha256(b"from a file", "POST", URL, b"a=1");
    for secret in ["from a file", "from a file\n", "from a file\r\n"] {
        assert_eq!(files(&[secret, "second"], &[], b"a=1").0.trim_end(), signature, "{secret:?}");
    }
    for (secret, reason) in [
        ("", "secret-empty"),
        ("\n", "secret-empty"),
        ("a\n\n", "secret-whitespace"),
        (" a", "secret-whitespace"),
    ] {
        let (out, err, code) = files(&[secret], &[], b"a=1");
        assert_eq!((out.as_str(), code), ("", Some(2)));
        assert!(err.starts_with(&format!("korewebhook: {reason}: ")), "{err}");
    }
    let (_, err, code) = files(&["x".repeat(1025).as_str()], &[], b"a=1");
    assert!(err.contains("secret-too-long") && code == Some(2), "{err}");
    let (_, err, code) = files(&["x"; 9], &[], b"a=1");
    assert!(err.contains("too-many-secrets") && code == Some(2), "{err}");
}

#[test]
fn a_secret_may_come_from_standard_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let body = folder.path().join("body");
    std::fs::write(&body, "a=1").expect("a file");
    let path = body.to_str().expect("text");
    let signature = kore_sha256(b"piped secret", "POST", URL, b"a=1");
    assert_eq!(
        files(&[], &["--secret-file", "-", "--body", path], b"piped secret\n").0.trim_end(),
        signature
    );
    // It can't be both.
    let (_, err, code) = files(&[], &["--secret-file", "-"], b"piped secret\n");
    assert!(err.contains("standard input") && code == Some(2), "{err}");
}

#[test]
fn secrets_of_the_environment_are_checked() {
    for (secret, reason) in [
        ("", "secret-empty"),
        ("a,,b", "secret-empty"),
        ("a, b", "secret-whitespace"),
        ("a\n", "secret-whitespace"),
    ] {
        let (out, err, code) = with_secret(secret, &["sign", "--url", URL], b"a=1");
        assert_eq!((out.as_str(), code), ("", Some(2)), "{secret:?}");
        assert!(err.starts_with(&format!("korewebhook: {reason}: ")), "{err}");
    }
    let (_, err, code) = said(&run(korewebhook().args(["sign", "--url", URL]), b"a=1"));
    assert!(err.contains("KOREWEBHOOK_SECRET") && code == Some(2), "{err}");
}

#[test]
fn no_argument_takes_a_secret() {
    for command in ["sign", "verify", "send", "listen"] {
        let (help, _, code) = with_secret("x", &[command, "--help"], b"");
        assert_eq!(code, Some(0));
        assert!(help.contains("KOREWEBHOOK_SECRET") && help.contains("Exit codes: 0"), "{help}");
        let (_, _, code) = with_secret("x", &[command, "--secret", "x"], b"");
        assert_eq!(code, Some(2));
    }
}

#[test]
fn usage_is_exit_code_2() {
    let cases: &[&[&str]] = &[
        &[],
        &["unknown"],
        &["sign"],
        &["sign", "--url", "ftp://h.example/"],
        &["sign", "--url", URL, "--scheme", "md5"],
        &["sign", "--url", URL, "--token", "a b"],
        &["sign", "--url", URL, "--date", "yesterday"],
        &["sign", "--url", URL, "--body", "/no/such/file"],
        &["sign", "--url", URL, "--content-type", "text/plain"],
        &["sign", "--url", URL, "--method", "GET", "--content-type", "application/json"],
        &["verify", "--url", URL, "--header", "a: b"],
        &["verify", "--url", URL, "--max-body", "0"],
        &["verify", "--url", URL, "--max-depth", "65"],
        &["send", "--url", URL, "--to", "ftp://127.0.0.1/"],
        &["listen", "--url", URL],
    ];
    for args in cases {
        let (out, err, code) = with_secret("secret-0123456789", args, b"a=1");
        assert_eq!((out.as_str(), code), ("", Some(2)), "{args:?}: {err}");
        assert!(!err.is_empty() && !err.contains("secret-0123456789"), "{args:?}: {err}");
    }
}

#[test]
fn a_closed_pipe_is_no_panic() {
    use std::process::Stdio;
    for args in [&["sign", "--url", URL][..], &["--help"], &["verify", "--url", URL, "--json"]] {
        let mut command = korewebhook();
        command
            .env("KOREWEBHOOK_SECRET", "secret")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        drop((child.stdout.take(), child.stderr.take()));
        std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), b"a=1").ok();
        let code = child.wait().expect("it ends").code();
        assert!(matches!(code, Some(0..=2)), "{args:?}: {code:?}");
    }
}

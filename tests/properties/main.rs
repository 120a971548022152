//! Equivalences: two ways to the same answer, of which one is slow, readable or somebody else's.

mod guard;
mod json;
mod once;
mod parts;
mod ways;
mod window;

/// Texts that are JSON, texts that nearly are, and texts that are not.
mod text {
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn space() -> impl Strategy<Value = String> {
        prop_oneof![3 => Just(String::new()), 1 => "[ \t\r\n]{1,4}"]
    }

    fn string() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => "[ -!#-\\[\\]-~]{0,6}",
            1 => Just("é€😀\u{7f}\u{2028}".to_owned()),
            1 => r#"\\["\\/bfnrt]"#,
            1 => r"\\u[0-9a-fA-F]{4}",
        ];
        vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
    }

    fn scalar() -> impl Strategy<Value = String> {
        prop_oneof![
            3 => string(),
            2 => "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,8})?([eE][+-]?[0-9]{1,4})?",
            1 => prop_oneof![Just("true"), Just("false"), Just("null")].prop_map(str::to_owned),
        ]
    }

    /// JSON with white space in every place where it may stand.
    pub(crate) fn json() -> impl Strategy<Value = String> {
        let value = scalar().prop_recursive(5, 40, 5, |inner| {
            let item = (space(), inner.clone(), space()).prop_map(|(a, v, b)| format!("{a}{v}{b}"));
            let member = (space(), string(), space(), space(), inner, space())
                .prop_map(|(a, k, b, c, v, d)| format!("{a}{k}{b}:{c}{v}{d}"));
            prop_oneof![
                vec(item, 0..5).prop_map(|items| format!("[{}]", items.join(","))),
                vec(member, 0..5).prop_map(|members| format!("{{{}}}", members.join(","))),
                (space()).prop_map(|s| format!("[{s}]")),
            ]
        });
        (space(), value, space()).prop_map(|(a, v, b)| format!("{a}{v}{b}"))
    }

    /// JSON with a few bytes changed, taken away or put in.
    pub(crate) fn mutated() -> impl Strategy<Value = Vec<u8>> {
        let odd = prop::sample::select(
            b"\0\x01\t\n \"\\/[]{}:,-+.0123456789eEtfnu\x7f\x80\xBF\xC2\xE0\xED\xF0\xF4\xFF\xEF\xBB".to_vec(),
        );
        let change = (any::<prop::sample::Index>(), 0..4_u8, odd);
        (json(), vec(change, 1..4)).prop_map(|(text, changes)| {
            let mut bytes = text.into_bytes();
            for (index, kind, byte) in changes {
                let at = index.index(bytes.len() + 1);
                match kind {
                    0 => bytes.truncate(at),
                    1 if at < bytes.len() => drop(bytes.remove(at)),
                    2 if at < bytes.len() => drop(std::mem::replace(&mut bytes[at], byte)),
                    _ => bytes.insert(at, byte),
                }
            }
            bytes
        })
    }

    pub(crate) fn form() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            6 => "[A-Za-z0-9._~*-]{1,6}".prop_map(String::into_bytes),
            2 => "%[0-9a-fA-F]{2}|%|\\+|%2B".prop_map(String::into_bytes),
            3 => prop::sample::select(vec!["&", "=", "&&", "é", " "]).prop_map(|s| s.as_bytes().to_vec()),
            1 => vec(any::<u8>(), 1..3),
        ];
        vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    pub(crate) fn any_body() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![json().prop_map(String::into_bytes), mutated(), form(), vec(any::<u8>(), 0..80)]
    }
}

//! The table of reasons: its numbers and names are promises, and the documentation shows it as it is.

use korewebhook::{CHECK_ORDER, Detail, Reason};
use korewebhook_tests::vectors::parse;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn numbers_and_names_never_change() {
    let promised: BTreeMap<String, i32> = parse("reasons");
    let now: BTreeMap<String, i32> = Reason::ALL.iter().map(|r| (r.name().to_owned(), r.number())).collect();
    assert_eq!(now, promised);
    assert_eq!(
        now.values().collect::<BTreeSet<_>>().len(),
        Reason::ALL.len(),
        "a number stands for one reason"
    );
    assert!(now.values().all(|&number| number > 0), "0 means success in C");
}

#[test]
fn numbers_of_details_never_change() {
    let promised: BTreeMap<String, i32> = parse("details");
    let now: BTreeMap<String, i32> = Detail::ALL.iter().map(|d| (d.name().to_owned(), d.number())).collect();
    assert_eq!(now, promised);
    assert_eq!(now.values().collect::<BTreeSet<_>>().len(), Detail::ALL.len());
    assert!(now.values().all(|&number| number > 0), "0 means none in C");
}

#[test]
fn numbers_lead_back() {
    for reason in Reason::ALL {
        assert_eq!(Reason::from_number(reason.number()), Some(*reason));
    }
    for detail in Detail::ALL {
        assert_eq!(Detail::from_number(detail.number()), Some(*detail));
    }
    assert_eq!((Reason::from_number(0), Detail::from_number(-1)), (None, None));
}

#[test]
fn every_reason_says_what_to_do() {
    for reason in Reason::ALL {
        assert!(reason.hint().ends_with('.') && reason.hint().len() > 40, "{}", reason.name());
        assert!(
            reason.name().bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit()),
            "{}",
            reason.name()
        );
    }
}

#[test]
fn check_order_is_the_profile_s() {
    #[derive(Deserialize)]
    struct Document {
        profile: Profile,
    }
    #[derive(Deserialize)]
    struct Profile {
        check_order: Vec<String>,
    }
    let profile = parse::<Document>("profile").profile;
    let order: Vec<_> = profile.check_order.iter().flat_map(|entry| entry.split('/')).collect();
    assert_eq!(order.len(), 19);
    // The profile says nothing of what is refused beyond its list.
    let beyond = ["content-encoding", "form-control-character", "form-not-utf8", "form-first-key"];
    let ours: Vec<_> = CHECK_ORDER.iter().map(|r| r.name()).filter(|name| !beyond.contains(name)).collect();
    assert_eq!(ours, order);
    assert_eq!(CHECK_ORDER.len(), order.len() + beyond.len());
}

#[test]
fn the_documentation_shows_the_table() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/protocol.md");
    let text = std::fs::read_to_string(path).expect("docs/protocol.md");
    let (_, after) = text.split_once("<!-- reasons:begin -->").expect("the table begins");
    let (table, _) = after.split_once("<!-- reasons:end -->").expect("the table ends");
    let documented: Vec<String> = table
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'))
        .map(str::to_owned)
        .collect();
    let rows: Vec<String> =
        Reason::ALL.iter().map(|r| format!("| {} | `{}` | {} |", r.number(), r.name(), r.hint())).collect();
    assert_eq!(documented, rows);
}

//! Prints `lib/tables.ts`: what JavaScript has to know of the core's names and numbers.

use korewebhook::replay::LeaseError;
use korewebhook::{MAX_SECRETS, Reason, SchemeName};
use korewebhook_node_engine::{Call, FIELDS, GET, LEASE_ERRORS, OUTCOMES, SECRETS, TEXTS, USUAL};

fn main() {
    println!("// Made by `make node` from the core; not to be edited.\n");
    println!("export const VERSION = {:?};\n", env!("CARGO_PKG_VERSION"));
    println!("export const MAX_SECRETS = {MAX_SECRETS};\n");
    println!("/** The calls of the engine. */\nexport const CALL = {{");
    for (call, name) in Call::ALL {
        println!("  {name}: {},", *call as u8);
    }
    println!("}} as const;\n");
    println!("/** The header fields that somebody asks for, by their numbers. */\nexport const FIELDS = [");
    for name in FIELDS {
        println!("  {name:?},");
    }
    println!("] as const;\n");
    println!(
        "/** Texts that the engine knows by their numbers, with `USUAL` added. */\nexport const TEXTS = {TEXTS:?} as const;"
    );
    println!("export const USUAL = {USUAL};\n");
    println!(
        "/** What a verdict is made of: see the engine's `verify`. */\nexport const SECRETS = {SECRETS};"
    );
    println!("export const GET = {GET};\n");
    let schemes: Vec<_> = SchemeName::ALL.iter().map(|scheme| format!("{:?}", scheme.name())).collect();
    println!("/** What is signed and how. */\nexport type Scheme = {};\n", schemes.join(" | "));
    println!(
        "/** Every reason: number, name, what to do, what to answer to the sender. */\nexport const REASONS = ["
    );
    for reason in Reason::ALL {
        let status = korewebhook::Error::new(*reason).http_status();
        println!("  [{}, {:?}, {:?}, {status}],", reason.number(), reason.name(), reason.hint());
    }
    println!("] as const;\n");
    println!(
        "/** What a guard may say: name, what to answer to the sender, whether the caller holds a claim. */"
    );
    println!("export const OUTCOMES = [");
    for outcome in OUTCOMES {
        println!("  [{:?}, {}, {}],", outcome.name(), outcome.http_status(), outcome.is_claimed());
    }
    println!("] as const;\n");
    let errors: Vec<_> = LEASE_ERRORS.iter().copied().map(LeaseError::name).collect();
    println!("export const LEASE_ERRORS = {errors:?} as const;");
}

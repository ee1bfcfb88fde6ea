//! The states of everything, as programs and people read them: one list.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::{
    ActionState, ConnectionState, DeliveryOutcome, InvoiceState, JobState, OfferingState, OrderState,
    ResourceState, StepState, UsageOutcome, Verdict, VersionState, WebhookState,
};

macro_rules! states {
    ($($name:ident),+) => {
        [$((stringify!($name), $name::ALL.iter().map(|one| (one.as_str(), one.label())).collect::<Vec<_>>())),+]
    };
}

fn all() -> [(&'static str, Vec<(&'static str, &'static str)>); 13] {
    states!(
        ActionState,
        ConnectionState,
        DeliveryOutcome,
        InvoiceState,
        JobState,
        OfferingState,
        OrderState,
        ResourceState,
        StepState,
        UsageOutcome,
        Verdict,
        VersionState,
        WebhookState
    )
}

#[test]
fn what_programs_and_people_read_of_states_is_one_list() {
    let mut table = String::new();
    let (mut words, mut texts) = (BTreeMap::new(), BTreeMap::new());
    for (name, states) in all() {
        writeln!(table, "{name}").unwrap();
        for (text, word) in states {
            writeln!(table, "  {text:<17} {word}").unwrap();
            assert_eq!(
                *words.entry(text).or_insert(word),
                word,
                "{name}: two words for {text}"
            );
            assert_eq!(
                *texts.entry(word).or_insert(text),
                text,
                "{name}: two texts for {word}"
            );
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn no_states_are_beside_the_list() {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = 0;
    for file in std::fs::read_dir(sources).unwrap() {
        let Ok(text) = std::fs::read_to_string(file.unwrap().path()) else {
            continue;
        };
        let declared = text.split("text_enum! {").skip(1);
        let names = declared.filter_map(|part| {
            let line = part.lines().find(|line| line.trim_end().ends_with('{'))?;
            line.trim().strip_suffix(" {").map(str::to_owned)
        });
        for name in names.filter(|name| name.ends_with("State")) {
            assert!(
                all().iter().any(|(listed, _)| *listed == name),
                "{name} is not in the list"
            );
            found += 1;
        }
    }
    assert_eq!(found, 10);
}

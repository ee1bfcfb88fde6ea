//! Texts that may be absent are empty inside and `null` outside: programs need no sentinel, and code needs no `Option`
//! where an empty text means the same to everybody.

use serde::{Deserialize, Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text.is_empty() {
        serializer.serialize_none()
    } else {
        serializer.serialize_some(text)
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
}

/// The same for counts that are zero where they are not known.
pub(crate) mod count {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands fields out by reference"
    )]
    pub(crate) fn serialize<S: Serializer>(count: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        if *count == 0 {
            serializer.serialize_none()
        } else {
            serializer.serialize_some(count)
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        Ok(Option::<u32>::deserialize(deserializer)?.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Noted {
        #[serde(default, with = "super")]
        note: String,
    }

    #[test]
    fn an_empty_text_is_null_outside_and_comes_back_empty() {
        let write = |note: &str| serde_json::to_string(&Noted { note: note.into() }).unwrap();
        assert_eq!(
            (write(""), write("x")),
            (r#"{"note":null}"#.into(), r#"{"note":"x"}"#.into())
        );
        for (text, note) in [
            (r#"{"note":null}"#, ""),
            ("{}", ""),
            (r#"{"note":""}"#, ""),
            (r#"{"note":"x"}"#, "x"),
        ] {
            let read: Noted = serde_json::from_str(text).unwrap();
            assert_eq!(read.note, note, "{text}");
        }
    }
}

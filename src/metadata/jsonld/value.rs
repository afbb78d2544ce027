//! Values of JSON, without what nobody here asks for.
//!
//! In: JSON. Out: its values, in which entities have the properties of [`PROPERTIES`] alone. All of it is read, so that a
//! mistake anywhere is one; but most of what pages tell search engines is pictures, addresses and ratings, and is not
//! kept. Strings are those of the script where they have no escapes.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// The properties that are kept.
const PROPERTIES: [&str; 17] = [
    "@graph",
    "@id",
    "@type",
    "@value",
    "author",
    "creator",
    "dateCreated",
    "dateModified",
    "datePublished",
    "familyName",
    "givenName",
    "headline",
    "mainEntity",
    "mainEntityOfPage",
    "name",
    "publisher",
    "uploadDate",
];

/// A value.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Number(Number),
    List(Vec<Self>),
    Entity(Entity<'a>),
    /// Any other value.
    Other,
}

impl Value<'_> {
    /// The text, if it is one.
    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The values of a list; itself, if it is none.
    pub(super) fn listed(&self) -> &[Self] {
        match self {
            Self::List(values) => values,
            one => std::slice::from_ref(one),
        }
    }
}

/// An object's properties that are kept, as they come.
#[derive(Debug)]
pub(super) struct Entity<'a>(Vec<(&'static str, Value<'a>)>);

impl<'a> Entity<'a> {
    /// The value of a property of [`PROPERTIES`], the last one if there are several.
    pub(super) fn get(&self, property: &str) -> Option<&Value<'a>> {
        debug_assert!(PROPERTIES.contains(&property), "{property} is not kept");
        self.0.iter().rev().find(|(name, _)| *name == property).map(|(_, value)| value)
    }
}

impl<'a> Deserialize<'a> for Value<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        Reader { keeps: true }.deserialize(deserializer)
    }
}

/// Reads one value.
#[derive(Clone, Copy)]
struct Reader {
    /// Whether anybody asks for it; otherwise, it is read for its mistakes alone.
    keeps: bool,
}

impl<'a> DeserializeSeed<'a> for Reader {
    type Value = Value<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Value<'a>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Reader {
    type Value = Value<'a>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value<'a>, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Value<'a>, E> {
        Ok(Value::Other)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value<'a>, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value<'a>, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value<'a>, E> {
        Ok(Number::from_f64(number).map_or(Value::Other, Value::Number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'a str) -> Result<Value<'a>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value<'a>, E> {
        Ok(if self.keeps { Value::Text(Cow::Owned(text.to_owned())) } else { Value::Other })
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<Value<'a>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            if self.keeps {
                values.push(value);
            }
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut object: A) -> Result<Value<'a>, A::Error> {
        let mut properties = Vec::new();
        while let Some(Property(name)) = object.next_key()? {
            let name = name.filter(|_| self.keeps);
            let value = object.next_value_seed(Self { keeps: name.is_some() })?;
            properties.extend(name.map(|name| (name, value)));
        }
        Ok(Value::Entity(Entity(properties)))
    }
}

/// A property, if it is kept.
struct Property(Option<&'static str>);

impl<'a> Deserialize<'a> for Property {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = Property;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a name")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Property, E> {
                Ok(Property(PROPERTIES.into_iter().find(|known| *known == name)))
            }
        }

        deserializer.deserialize_str(Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_kept_and_the_last_value_counts() {
        let script = r#"{"image":{"name":"x"},"name":"first","author":[{"name":"A\u0042"},7],"name":"last"}"#;
        let value: Value<'_> = serde_json::from_str(script).expect("is JSON");
        let Value::Entity(entity) = &value else { panic!("{value:?}") };
        assert_eq!(entity.get("name").and_then(Value::as_str), Some("last"));
        assert_eq!(entity.0.len(), 3);
        let authors = entity.get("author").map_or(&[][..], Value::listed);
        let [Value::Entity(author), Value::Number(_)] = authors else { panic!("{authors:?}") };
        assert_eq!(author.get("name").and_then(Value::as_str), Some("AB"));
    }

    #[test]
    fn mistakes_in_what_is_left_out_are_mistakes() {
        for script in [r#"{"image":"\ud800"}"#, r#"{"image":1e999}"#, r#"{"image":{"a":}}"#, r#"{"image":"#] {
            assert!(serde_json::from_str::<Value<'_>>(script).is_err(), "{script}");
            assert!(serde_json::from_str::<serde_json::Value>(script).is_err(), "{script}");
        }
    }
}

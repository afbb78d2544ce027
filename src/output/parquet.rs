//! Rows of JSON to a Parquet file with the columns of a [`Table`].
//!
//! Rows are gathered until a row group is full, then written column by column. Where a group ends depends on the rows
//! alone, so that the same rows always give the same bytes, whether they were written as they came or assembled
//! later. Needs no seeking: the index of a Parquet file stands at its end.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::{Map, Value};

use super::table::{ColumnKind, Table};

/// A row group ends when its rows have this many bytes as JSON. Readers hold a group's column in memory.
const GROUP_BYTES: usize = 32 << 20;

/// A row group ends after this many rows, however small they are.
const GROUP_ROWS: usize = 100_000;

/// A Parquet file that is being written.
pub(super) struct ParquetFile<W: Write + Send> {
    table: &'static Table,
    writer: SerializedFileWriter<W>,
    leaves: Vec<Leaf>,
    rows: usize,
    bytes: usize,
}

/// The values of a column of the group, as Parquet stores them: a column with nested values has several leaves.
#[derive(Default)]
struct Leaf {
    values: Values,
    /// How much of the path to the value is there.
    definitions: Vec<i16>,
    /// 1 where a value goes on in the list of the value before it. Empty if the column holds no lists.
    repetitions: Vec<i16>,
}

enum Values {
    Bytes(Vec<ByteArray>),
    Integers(Vec<i64>),
    Reals(Vec<f64>),
    Flags(Vec<bool>),
}

impl Default for Values {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl<W: Write + Send> ParquetFile<W> {
    pub(super) fn new(table: &'static Table, out: W) -> io::Result<Self> {
        let schema = parse_message_type(&schema(table)).map_err(told)?;
        let level = ZstdLevel::try_new(3).map_err(told)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by(concat!("dehusk ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_write_batch_size(64)
            .build();
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(told)?;
        Ok(Self { table, writer, leaves: leaves(table), rows: 0, bytes: 0 })
    }

    /// Adds rows: JSON objects, one a line.
    pub(super) fn write(&mut self, rows: &[u8]) -> io::Result<()> {
        for line in rows.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let row: Map<String, Value> = serde_json::from_slice(line)?;
            let mut leaves = self.leaves.iter_mut();
            for column in self.table.columns {
                push(column.kind, row.get(column.name).unwrap_or(&Value::Null), &mut leaves);
            }
            self.rows += 1;
            self.bytes += line.len();
            if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
                self.end_group().map_err(told)?;
            }
        }
        Ok(())
    }

    /// Writes what is left and the index; gives the writer below.
    pub(super) fn finish(mut self) -> io::Result<W> {
        if self.rows > 0 {
            self.end_group().map_err(told)?;
        }
        self.writer.into_inner().map_err(told)
    }

    fn end_group(&mut self) -> Result<(), ParquetError> {
        let full = std::mem::replace(&mut self.leaves, leaves(self.table));
        (self.rows, self.bytes) = (0, 0);
        let mut group = self.writer.next_row_group()?;
        for leaf in full {
            let Some(mut column) = group.next_column()? else { break };
            leaf.write(column.untyped())?;
            column.close()?;
        }
        group.close()?;
        Ok(())
    }
}

impl Leaf {
    fn new(values: Values) -> Self {
        Self { values, ..Self::default() }
    }

    fn write(self, column: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        let definitions = Some(&self.definitions[..]);
        let repetitions = (!self.repetitions.is_empty()).then_some(&self.repetitions[..]);
        match (self.values, column) {
            (Values::Bytes(values), ColumnWriter::ByteArrayColumnWriter(out)) => {
                out.write_batch(&values, definitions, repetitions)?;
            }
            (Values::Integers(values), ColumnWriter::Int64ColumnWriter(out)) => {
                out.write_batch(&values, definitions, repetitions)?;
            }
            (Values::Reals(values), ColumnWriter::DoubleColumnWriter(out)) => {
                out.write_batch(&values, definitions, repetitions)?;
            }
            (Values::Flags(values), ColumnWriter::BoolColumnWriter(out)) => {
                out.write_batch(&values, definitions, repetitions)?;
            }
            _ => return Err(ParquetError::General("a column has another type than its schema".to_owned())),
        }
        Ok(())
    }

    /// Adds a single value, or null.
    fn push<T>(&mut self, value: Option<T>, add: impl FnOnce(&mut Values, T)) {
        self.definitions.push(i16::from(value.is_some()));
        if let Some(value) = value {
            add(&mut self.values, value);
        }
    }

    /// Adds the values of a list; `None` is null, which is not the same as empty.
    fn push_all<T>(&mut self, list: Option<&[T]>, mut add: impl FnMut(&mut Values, &T)) {
        for (index, value) in list.unwrap_or_default().iter().enumerate() {
            self.definitions.push(2);
            self.repetitions.push(i16::from(index > 0));
            add(&mut self.values, value);
        }
        if list.is_none_or(<[T]>::is_empty) {
            self.definitions.push(i16::from(list.is_some()));
            self.repetitions.push(0);
        }
    }
}

impl Values {
    fn add_text(&mut self, text: &str) {
        if let Self::Bytes(values) = self {
            values.push(ByteArray::from(text));
        }
    }

    fn add_integer(&mut self, number: i64) {
        if let Self::Integers(values) = self {
            values.push(number);
        }
    }
}

/// Adds a field of a row to the leaves of its column.
fn push<'a>(kind: ColumnKind, value: &Value, leaves: &mut impl Iterator<Item = &'a mut Leaf>) {
    let Some(leaf) = leaves.next() else { return };
    match kind {
        ColumnKind::Text => leaf.push(value.as_str(), Values::add_text),
        ColumnKind::Integer => leaf.push(value.as_i64(), Values::add_integer),
        ColumnKind::Real => leaf.push(value.as_f64(), |values, number| {
            if let Values::Reals(values) = values {
                values.push(number);
            }
        }),
        ColumnKind::Flag => leaf.push(value.as_bool(), |values, flag| {
            if let Values::Flags(values) = values {
                values.push(flag);
            }
        }),
        ColumnKind::Json => {
            let json = (!value.is_null()).then(|| value.to_string());
            leaf.push(json, |values, json| values.add_text(&json));
        }
        ColumnKind::Texts => {
            let list: Option<Vec<&str>> =
                value.as_array().map(|list| list.iter().filter_map(Value::as_str).collect());
            leaf.push_all(list.as_deref(), |values, text| values.add_text(text));
        }
        ColumnKind::Counts => {
            let pairs: Option<Vec<(&String, i64)>> =
                value.as_object().map(|map| map.iter().filter_map(|(k, v)| Some((k, v.as_i64()?))).collect());
            leaf.push_all(pairs.as_deref(), |values, (name, _)| values.add_text(name));
            if let Some(leaf) = leaves.next() {
                leaf.push_all(pairs.as_deref(), |values, (_, count)| values.add_integer(*count));
            }
        }
    }
}

/// Empty leaves for all columns.
fn leaves(table: &Table) -> Vec<Leaf> {
    let bytes = || Leaf::new(Values::Bytes(Vec::new()));
    let of = |kind| match kind {
        ColumnKind::Text | ColumnKind::Texts | ColumnKind::Json => vec![bytes()],
        ColumnKind::Integer => vec![Leaf::new(Values::Integers(Vec::new()))],
        ColumnKind::Real => vec![Leaf::new(Values::Reals(Vec::new()))],
        ColumnKind::Flag => vec![Leaf::new(Values::Flags(Vec::new()))],
        ColumnKind::Counts => vec![bytes(), Leaf::new(Values::Integers(Vec::new()))],
    };
    table.columns.iter().flat_map(|column| of(column.kind)).collect()
}

/// The schema in Parquet's own notation.
fn schema(table: &Table) -> String {
    let mut schema = format!("message {} {{\n", table.name);
    for column in table.columns {
        let name = column.name;
        let field = match column.kind {
            ColumnKind::Text => format!("optional binary {name} (STRING);\n"),
            ColumnKind::Json => format!("optional binary {name} (JSON);\n"),
            ColumnKind::Integer => format!("optional int64 {name};\n"),
            ColumnKind::Real => format!("optional double {name};\n"),
            ColumnKind::Flag => format!("optional boolean {name};\n"),
            ColumnKind::Texts => format!(
                "optional group {name} (LIST) {{ repeated group list {{ required binary element (STRING); }} }}\n"
            ),
            ColumnKind::Counts => format!(
                "optional group {name} (MAP) {{ repeated group key_value {{ \
                 required binary key (STRING); required int64 value; }} }}\n"
            ),
        };
        schema.push_str(&field);
    }
    schema + "}"
}

fn told(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use parquet::file::metadata::RowGroupMetaData;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::super::table::Column;
    use super::*;

    const TABLE: Table = Table {
        name: "row",
        columns: &[
            Column::new("a", ColumnKind::Text),
            Column::new("b", ColumnKind::Integer),
            Column::new("c", ColumnKind::Real),
            Column::new("d", ColumnKind::Flag),
            Column::new("e", ColumnKind::Texts),
            Column::new("f", ColumnKind::Counts),
            Column::new("g", ColumnKind::Json),
        ],
    };

    fn written(parts: &[&str]) -> Vec<u8> {
        let mut file = ParquetFile::new(&TABLE, Vec::new()).expect("a sound schema");
        for part in parts {
            file.write(part.as_bytes()).expect("memory takes all");
        }
        file.finish().expect("memory takes all")
    }

    fn read(file: &[u8]) -> Vec<String> {
        let reader = SerializedFileReader::new(bytes(file)).expect("a sound file");
        reader.get_row_iter(None).expect("rows").map(|row| json(&row.expect("a row"))).collect()
    }

    fn bytes(file: &[u8]) -> impl parquet::file::reader::ChunkReader + 'static {
        let mut copy = tempfile::tempfile().expect("a temporary file");
        copy.write_all(file).expect("the disk has room");
        copy
    }

    /// The columns of a row, nested ones as the reader shows them.
    fn json(row: &parquet::record::Row) -> String {
        row.get_column_iter().map(|(name, field)| [name, "=", &field.to_string(), " "].concat()).collect()
    }

    #[test]
    fn every_kind_of_column_comes_back() {
        let rows = [
            r#"{"a":"x","b":1,"c":0.5,"d":true,"e":["p","q"],"f":{"nav":2,"zero":0},"g":{"k":[1]}}"#,
            r#"{"a":null,"e":[],"f":{},"unknown":1}"#,
            r#"{"a":"","b":"wrong type","c":2,"d":false,"e":["r"],"f":null,"g":null}"#,
        ];
        let found = read(&written(&[&rows.join("\n")]));
        let expected = [
            r#"a="x" b=1 c=0.5 d=true e=["p", "q"] f={"nav" -> 2, "zero" -> 0} g="{"k":[1]}" "#,
            r"a=null b=null c=null d=null e=[] f={} g=null ",
            r#"a="" b=null c=2.0 d=false e=["r"] f=null g=null "#,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn bytes_depend_on_the_rows_alone() {
        let line = format!("{{\"a\":\"{}\"}}\n", "long ".repeat(100));
        assert_eq!(written(&[&line.repeat(50)]), written(&[line.as_str(); 50]));
        assert_eq!(read(&written(&[])).len(), 0);
    }

    #[test]
    fn groups_are_bounded() {
        let line = format!("{{\"a\":\"{}\"}}\n", "x".repeat(GROUP_BYTES / 4));
        let file = written(&[line.as_str(); 9]);
        let reader = SerializedFileReader::new(bytes(&file)).expect("a sound file");
        let rows: Vec<_> = reader.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect();
        assert_eq!(rows, [4, 4, 1]);
    }
}

//! What was measured, as it is kept in `docs/performance.json`.

use crate::plan::{Against, Group};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Everything that was measured in one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// The day and the machine, in the order in which the document tells them.
    pub circumstances: Vec<(String, String)>,
    /// The nanoseconds of one call, round by round: by group and row.
    pub samples: BTreeMap<String, BTreeMap<String, Vec<f64>>>,
    /// Single numbers: bytes, kilobytes.
    pub numbers: BTreeMap<String, u64>,
}

impl Results {
    /// As JSON, one row's samples in one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let circumstances: Vec<_> =
            self.circumstances.iter().map(|(what, text)| format!("    {}", json!([what, text]))).collect();
        let groups: Vec<_> = self
            .samples
            .iter()
            .map(|(group, rows)| {
                let rows: Vec<_> = rows
                    .iter()
                    .map(|(row, samples)| {
                        let samples: Vec<_> = samples.iter().map(|sample| format!("{sample:.1}")).collect();
                        format!("      {}: [{}]", json!(row), samples.join(", "))
                    })
                    .collect();
                format!("    {}: {{\n{}\n    }}", json!(group), rows.join(",\n"))
            })
            .collect();
        let numbers: Vec<_> =
            self.numbers.iter().map(|(what, number)| format!("    {}: {number}", json!(what))).collect();
        format!(
            "{{\n  \"circumstances\": [\n{}\n  ],\n  \"numbers\": {{\n{}\n  }},\n  \"nanoseconds_of_one_call\": \
             {{\n{}\n  }}\n}}\n",
            circumstances.join(",\n"),
            numbers.join(",\n"),
            groups.join(",\n"),
        )
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(json).ok()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let circumstances = json["circumstances"].as_array()?.iter();
        let numbers = json["numbers"].as_object()?.iter();
        let samples = json["nanoseconds_of_one_call"].as_object()?.iter();
        let samples_of = |row: &Value| row.as_array()?.iter().map(Value::as_f64).collect::<Option<Vec<_>>>();
        let rows_of = |rows: &Value| {
            let rows = rows.as_object()?.iter();
            rows.map(|(row, samples)| Some((row.clone(), samples_of(samples)?))).collect::<Option<_>>()
        };
        Some(Self {
            circumstances: circumstances
                .map(|pair| Some((text(&pair[0])?, text(&pair[1])?)))
                .collect::<Option<_>>()?,
            samples: samples
                .map(|(group, rows)| Some((group.clone(), rows_of(rows)?)))
                .collect::<Option<_>>()?,
            numbers: numbers
                .map(|(what, number)| Some((what.clone(), number.as_u64()?)))
                .collect::<Option<_>>()?,
        })
    }

    /// A row's samples, if it was measured.
    #[must_use]
    pub fn samples_of(&self, group: &Group, row: usize) -> Option<&[f64]> {
        Some(self.samples.get(group.id)?.get(&group.rows.get(row)?.key())?)
    }

    /// A row's comparison: the median over the rounds, so that a slow moment of the machine hits both sides.
    #[must_use]
    pub fn comparison(&self, group: &Group, row: usize) -> Option<f64> {
        let against = group.rows.get(row)?.against?;
        match against {
            Against::Ratio(base) => self.ratio(group, row, base),
            Against::Difference(base) => {
                let (base, samples) = (self.samples_of(group, base)?, self.samples_of(group, row)?);
                median(samples.iter().zip(base).map(|(sample, base)| sample - base))
            }
        }
    }

    /// How many times as long one row takes as another, as the median over the rounds.
    #[must_use]
    pub fn ratio(&self, group: &Group, row: usize, base: usize) -> Option<f64> {
        let (base, samples) = (self.samples_of(group, base)?, self.samples_of(group, row)?);
        median(samples.iter().zip(base).map(|(sample, base)| sample / base))
    }
}

/// The median; `None` of nothing.
#[must_use]
pub fn median(numbers: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut numbers: Vec<_> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    let upper = *numbers.get(numbers.len() / 2)?;
    if numbers.len() % 2 == 1 {
        Some(upper)
    } else {
        Some(f64::midpoint(numbers[numbers.len() / 2 - 1], upper))
    }
}

/// The least; `None` of nothing.
#[must_use]
pub fn minimum(numbers: &[f64]) -> Option<f64> {
    numbers.iter().copied().min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::group_of;

    #[test]
    fn what_is_written_is_read_again() {
        let rows = BTreeMap::from([("a: b".to_owned(), vec![1.5, 20.0]), ("c: d".to_owned(), vec![])]);
        let results = Results {
            circumstances: vec![("date".to_owned(), "2026-01-01".to_owned())],
            samples: BTreeMap::from([("p256".to_owned(), rows)]),
            numbers: BTreeMap::from([("bytes".to_owned(), 7)]),
        };
        assert_eq!(Results::from_json(&results.to_json()), Some(results));
        assert_eq!(Results::from_json("{}"), None);
    }

    #[test]
    fn medians() {
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median([]), None);
    }

    #[test]
    fn rows_are_compared_round_by_round() {
        let group = group_of("p256");
        let samples = |row: usize, samples: &[f64]| (group.rows[row].key(), samples.to_vec());
        // The machine became ten times slower in the second round.
        let rows = BTreeMap::from([samples(0, &[100.0, 1000.0, 100.0]), samples(1, &[110.0, 1100.0, 110.0])]);
        let results = Results { samples: BTreeMap::from([("p256".to_owned(), rows)]), ..Results::default() };
        let ratio = results.comparison(group, 1).unwrap();
        assert!((ratio - 1.1).abs() < 1e-9, "{ratio}");
        assert_eq!(results.comparison(group, 3), None, "it was not measured");
        assert_eq!(results.comparison(group, 0), None, "it is compared with nothing");
    }
}

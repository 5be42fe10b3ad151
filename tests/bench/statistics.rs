//! Samples and what they come to.

use serde_json::{Value, json};

/// Samples of one quantity.
#[derive(Debug, Default, Clone)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// Takes one in.
    pub(crate) fn add(&mut self, sample: f64) {
        let at = self.0.partition_point(|other| *other < sample);
        self.0.insert(at, sample);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The sample that so many percent do not exceed (nearest rank).
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or(f64::NAN)
    }
}

impl From<f64> for Samples {
    fn from(sample: f64) -> Self {
        Self(vec![sample])
    }
}

/// What is wanted of a measure.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    /// None; it stands for comparison.
    Open,
    /// This percentile is not above the value.
    AtMost(usize, f64),
    /// The median is at most so many times the baseline's.
    Times(f64),
}

/// A row of the table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) target: Target,
    pub(crate) outcome: Result<Samples, String>,
    pub(crate) baseline: Option<Samples>,
}

impl Row {
    /// The median in medians of the baseline, unless that is nothing.
    fn ratio(&self) -> Option<f64> {
        let baseline = self.baseline.as_ref()?.percentile(50);
        let samples = self.outcome.as_ref().ok()?;
        (baseline > 0.0).then(|| samples.percentile(50) / baseline)
    }

    /// Whether the target is met; nothing when there is none, or no outcome.
    pub(crate) fn met(&self) -> Option<bool> {
        let samples = self.outcome.as_ref().ok()?;
        match self.target {
            Target::Open => None,
            Target::AtMost(percent, limit) => Some(samples.percentile(percent) <= limit),
            Target::Times(limit) => Some(self.ratio()? <= limit),
        }
    }

    /// The row as JSON.
    pub(crate) fn json(&self) -> Value {
        let samples = self.outcome.as_ref();
        let at = |percent| samples.ok().map(|samples| samples.percentile(percent));
        json!({
            "name": self.name, "unit": self.unit, "samples": samples.map_or(0, Samples::count),
            "p50": at(50), "p95": at(95), "p99": at(99), "max": at(100),
            "baseline_p50": self.baseline.as_ref().map(|samples| samples.percentile(50)), "ratio": self.ratio(),
            "target": self.target.text(), "met": self.met(), "error": samples.err(),
        })
    }

    /// The row as a line of text.
    pub(crate) fn line(&self) -> String {
        let name = format!("{:<44}{:<5}", self.name, self.unit);
        let number = |value: f64| format!("{value:>10.*}", if value < 100.0 { 2 } else { 0 });
        let baseline = self
            .baseline
            .as_ref()
            .map_or_else(String::new, |samples| number(samples.percentile(50)));
        let samples = match &self.outcome {
            Ok(samples) => samples,
            Err(error) => {
                let cause = error.lines().next().unwrap_or_default();
                return format!("{name}{:>5}{:>40}{baseline:>10}  not measured: {cause}", 0, "");
            }
        };
        let spread = [50, 95, 99, 100]
            .map(|percent| number(samples.percentile(percent)))
            .concat();
        let ratio = self.ratio().map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let verdict = self.met().map_or("", |met| if met { "met" } else { "MISSED" });
        format!(
            "{name}{:>5}{spread}{baseline:>10}{ratio:>7}  {:<14} {verdict}",
            samples.count(),
            self.target.text()
        )
    }
}

/// The head of the table of [`Row::line`]s.
pub(crate) fn head() -> String {
    format!(
        "{:<44}{:<5}{:>5}{:>10}{:>10}{:>10}{:>10}{:>10}{:>7}  {}",
        "measure", "unit", "n", "p50", "p95", "p99", "max", "bare p50", "ratio", "target"
    )
}

impl Target {
    fn text(self) -> String {
        match self {
            Self::Open => String::new(),
            Self::AtMost(50, limit) => format!("≤ {limit}"),
            Self::AtMost(percent, limit) => format!("p{percent} ≤ {limit}"),
            Self::Times(limit) => format!("≤ {limit} × bare"),
        }
    }
}

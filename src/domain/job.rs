//! A job: everything the user confirmed in one step (items × targets), assembled from its submissions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::distribution::Target;
use super::observation::Took;
use super::submission::{Meaning, State, Submission};

/// The parts of a job: for each batch and target, the submission that counts. If a submission was split, the smaller
/// submissions are the parts instead.
#[derive(Clone, Debug)]
pub struct Job<'a> {
    parts: BTreeMap<(usize, u32), &'a Submission>,
    targets: Vec<&'a Target>,
    /// The index of each target in `targets`.
    places: HashMap<&'a Target, usize>,
    numbers: BTreeSet<u32>,
}

impl<'a> Job<'a> {
    /// Assembles a job from its submissions, oldest first.
    #[must_use]
    pub fn of(submissions: impl Iterator<Item = &'a Submission>) -> Self {
        let mut job = Self {
            parts: BTreeMap::new(),
            targets: Vec::new(),
            places: HashMap::new(),
            numbers: BTreeSet::new(),
        };
        for submission in submissions {
            job.take(submission);
        }
        job
    }

    fn take(&mut self, submission: &'a Submission) {
        let place = *self.places.entry(&submission.target).or_insert(self.targets.len());
        if place == self.targets.len() {
            self.targets.push(&submission.target);
        }
        if matches!(submission.state, State::Split { .. }) {
            return;
        }
        self.numbers.insert(submission.number);
        let part = self.parts.entry((place, submission.number)).or_insert(submission);
        // Ids follow the clock, which may have been set back. A submission that had no effect must therefore never
        // replace the one that was sent instead.
        if part.state.did_nothing() || !submission.state.did_nothing() {
            *part = submission;
        }
    }

    /// Returns the targets in the order the user chose them.
    #[must_use]
    pub fn targets(&self) -> &[&'a Target] {
        &self.targets
    }

    /// Returns the parts, target by target.
    pub fn parts(&self) -> impl Iterator<Item = &'a Submission> {
        self.parts.values().copied()
    }

    /// Returns the batch numbers.
    #[must_use]
    pub fn numbers(&self) -> Vec<u32> {
        self.numbers.iter().copied().collect()
    }

    /// Returns the part with this batch number for the target at this index.
    #[must_use]
    pub fn part(&self, target: usize, number: u32) -> Option<&'a Submission> {
        self.parts.get(&(target, number)).copied()
    }

    /// Returns the number of parts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Returns whether the job has no known parts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Returns the number of parts whose state `which` accepts.
    #[must_use]
    pub fn count(&self, which: impl Fn(&State) -> bool) -> usize {
        self.parts().filter(|part| which(&part.state)).count()
    }

    /// Returns the display name of the job's targets.
    #[must_use]
    pub fn name(&self) -> String {
        match (self.targets.as_slice(), self.parts().next()) {
            ([_], Some(part)) => part.label.clone(),
            (targets, _) => format!("{} targets", targets.len()),
        }
    }

    /// Returns the time from the first acceptance to the last completion. The duration is an upper bound if the last
    /// completion was not watched.
    #[must_use]
    pub fn took(&self) -> Option<Took> {
        let began: DateTime<Utc> = self.parts().filter_map(|part| Some(part.state.accepted()?.1)).min()?;
        let mut ended: Option<(DateTime<Utc>, bool)> = None;
        for part in self.parts().filter(|part| part.state.meaning() == Meaning::Done) {
            let (seen, took) = (part.state.seen_completed()?, part.state.took()?);
            ended = ended.max(Some((seen, took.measured().is_none())));
        }
        let (ended, unwatched) = ended?;
        let span = (ended - began).max(TimeDelta::zero());
        Some(if unwatched {
            Took::AtMost(span)
        } else {
            Took::Measured(span)
        })
    }

    /// Describes the outcome of the job as a sentence. Returns `None` while any part is in progress, or if nothing
    /// completed.
    #[must_use]
    pub fn outcome(&self) -> Option<String> {
        if self.completed() == 0 || !self.parts().all(|part| part.state.is_final()) {
            return None;
        }
        let name = self.name();
        let when = self.took().map_or(String::new(), |took| format!(" {}", took.when()));
        if self.len() == 1 {
            return Some(format!("{name}: Completed{when}"));
        }
        let counts = [
            (self.completed(), "completed"),
            (self.refused(), "refused"),
            (self.count(|state| *state == State::Cancelled), "cancelled"),
            (self.count(|state| matches!(state, State::Dismissed { .. })), "unknown"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<_> = counts.map(|(count, word)| format!("{count} {word}")).collect();
        Some(format!("{name}: {}{when}", counts.join(", ")))
    }

    /// Returns the number of parts that have reached every edge location.
    #[must_use]
    pub fn completed(&self) -> usize {
        self.count(|state| matches!(state, State::Completed { .. }))
    }

    /// Returns the number of parts that CloudFront refused or that could never be sent.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.count(|state| matches!(state, State::Rejected { .. }))
    }
}

#[cfg(test)]
mod tests;

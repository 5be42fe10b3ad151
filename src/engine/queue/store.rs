//! The submissions by their ids, with an index for each question that a rule asks: however many there are, a rule looks
//! only at those that it is about. A job of thousands is planned, sent and completed one submission at a time, so that
//! a rule that goes through all of them makes the whole of it quadratic.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::domain::submission::{JobId, Submission, SubmissionId};
use crate::engine::steps;

/// Where submissions lie, in the order of their ids: whoever goes through them looks nothing up.
type Places = BTreeMap<SubmissionId, usize>;

/// Submissions by their ids, the oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Submissions {
    /// The submissions in no order, with holes where some were taken out.
    held: Vec<Option<Submission>>,
    holes: Vec<usize>,
    all: Places,
    /// Those without an end.
    open: Places,
    /// The same, by target.
    open_of_target: HashMap<Target, Places>,
    /// The same, by job.
    open_of_job: HashMap<JobId, Places>,
    of_job: HashMap<JobId, Places>,
    of_target: HashMap<Target, Places>,
    /// Those that CloudFront accepted, by its id.
    accepted: HashMap<InvalidationId, Places>,
}

/// What the indexes hold of a submission beside what never changes.
#[derive(PartialEq)]
struct Indexed {
    open: bool,
    accepted: Option<InvalidationId>,
}

impl Indexed {
    fn of(submission: &Submission) -> Self {
        Self {
            open: !submission.state.is_final(),
            accepted: submission.state.accepted().map(|(id, _)| id.clone()),
        }
    }
}

impl Submissions {
    /// Puts one in, in the place of an older one with its id.
    pub(super) fn insert(&mut self, submission: Submission) {
        self.remove(&submission.id);
        let place = self.holes.pop().unwrap_or(self.held.len());
        if place == self.held.len() {
            self.held.push(None);
        }
        self.all.insert(submission.id.clone(), place);
        put(&mut self.of_job, &submission.job, &submission.id, place);
        put(&mut self.of_target, &submission.target, &submission.id, place);
        self.index(&submission, place, &Indexed::of(&submission));
        if let Some(hole) = self.held.get_mut(place) {
            *hole = Some(submission);
        }
    }

    /// Takes one out.
    pub(super) fn remove(&mut self, id: &SubmissionId) -> Option<Submission> {
        let place = self.all.remove(id)?;
        let submission = self.held.get_mut(place)?.take()?;
        self.holes.push(place);
        take(&mut self.of_job, &submission.job, id);
        take(&mut self.of_target, &submission.target, id);
        self.forget(&submission, &Indexed::of(&submission));
        Some(submission)
    }

    /// Changes one; its id, its job and its target stay as they are.
    pub(super) fn change<R>(&mut self, id: &SubmissionId, change: impl FnOnce(&mut Submission) -> R) -> Option<R> {
        let place = *self.all.get(id)?;
        let submission = self.held.get_mut(place)?.as_mut()?;
        let before = Indexed::of(submission);
        let result = change(submission);
        let after = Indexed::of(submission);
        if after != before {
            let submission = submission.clone();
            self.forget(&submission, &before);
            self.index(&submission, place, &after);
        }
        Some(result)
    }

    fn index(&mut self, submission: &Submission, place: usize, indexed: &Indexed) {
        let id = &submission.id;
        if indexed.open {
            self.open.insert(id.clone(), place);
            put(&mut self.open_of_target, &submission.target, id, place);
            put(&mut self.open_of_job, &submission.job, id, place);
        }
        if let Some(accepted) = &indexed.accepted {
            put(&mut self.accepted, accepted, id, place);
        }
    }

    fn forget(&mut self, submission: &Submission, indexed: &Indexed) {
        let id = &submission.id;
        if indexed.open {
            self.open.remove(id);
            take(&mut self.open_of_target, &submission.target, id);
            take(&mut self.open_of_job, &submission.job, id);
        }
        if let Some(accepted) = &indexed.accepted {
            take(&mut self.accepted, accepted, id);
        }
    }

    /// The submission with this id.
    pub(super) fn get(&self, id: &SubmissionId) -> Option<&Submission> {
        self.at(*self.all.get(id)?)
    }

    fn at(&self, place: usize) -> Option<&Submission> {
        steps::count();
        self.held.get(place)?.as_ref()
    }

    /// Whether there is one with this id.
    pub(super) fn contains(&self, id: &SubmissionId) -> bool {
        self.all.contains_key(id)
    }

    /// All of them, the oldest first.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Submission> {
        self.all.values().filter_map(|place| self.at(*place))
    }

    /// Those without an end, the oldest first.
    pub(super) fn open(&self) -> impl Iterator<Item = &Submission> {
        self.those(Some(&self.open))
    }

    /// Those of a target, the oldest first.
    pub(super) fn of(&self, target: &Target) -> impl DoubleEndedIterator<Item = &Submission> {
        self.those(self.of_target.get(target))
    }

    /// Those of a target without an end, the oldest first.
    pub(super) fn open_of(&self, target: &Target) -> impl Iterator<Item = &Submission> {
        self.those(self.open_of_target.get(target))
    }

    /// Whether any of a job has no end yet.
    pub(super) fn is_job_open(&self, job: &JobId) -> bool {
        self.open_of_job.contains_key(job)
    }

    /// Those of a job, the oldest first.
    pub(super) fn of_job(&self, job: &JobId) -> impl Iterator<Item = &Submission> {
        self.those(self.of_job.get(job))
    }

    /// Whether one of them is what CloudFront knows by this id on this target.
    pub(super) fn is_accepted(&self, target: &Target, id: &InvalidationId) -> bool {
        self.those(self.accepted.get(id)).any(|s| s.target == *target)
    }

    fn those<'a>(&'a self, places: Option<&'a Places>) -> impl DoubleEndedIterator<Item = &'a Submission> {
        let places = places.into_iter().flat_map(BTreeMap::values);
        places.filter_map(|place| self.at(*place))
    }
}

impl PartialEq for Submissions {
    /// What is indexed follows from the submissions.
    fn eq(&self, other: &Self) -> bool {
        self.all.len() == other.all.len() && self.iter().eq(other.iter())
    }
}

impl Extend<Submission> for Submissions {
    fn extend<I: IntoIterator<Item = Submission>>(&mut self, submissions: I) {
        for submission in submissions {
            self.insert(submission);
        }
    }
}

impl FromIterator<Submission> for Submissions {
    fn from_iter<I: IntoIterator<Item = Submission>>(submissions: I) -> Self {
        let mut all = Self::default();
        all.extend(submissions);
        all
    }
}

fn put<K: Clone + Eq + Hash>(index: &mut HashMap<K, Places>, key: &K, id: &SubmissionId, place: usize) {
    match index.get_mut(key) {
        Some(places) => drop(places.insert(id.clone(), place)),
        None => drop(index.insert(key.clone(), Places::from([(id.clone(), place)]))),
    }
}

fn take<K: Eq + Hash>(index: &mut HashMap<K, Places>, key: &K, id: &SubmissionId) {
    if let Some(places) = index.get_mut(key) {
        places.remove(id);
        if places.is_empty() {
            index.remove(key);
        }
    }
}

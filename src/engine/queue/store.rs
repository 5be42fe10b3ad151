//! The submissions by id, with an index for each query that the engine makes, so that a query only examines the
//! submissions that concern it, however many there are. A job with thousands of submissions is planned, sent and
//! completed one submission at a time, so iterating over all of them each time would make the job's cost quadratic.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::domain::submission::{JobId, Submission, SubmissionId};
use crate::engine::steps;

/// The slots of submissions, in order of their ids, so that iterating needs no lookups.
type Places = BTreeMap<SubmissionId, usize>;

/// Submissions by id, oldest first.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Submissions {
    /// The submissions in no particular order, with gaps where some were removed.
    held: Vec<Option<Submission>>,
    holes: Vec<usize>,
    all: Places,
    /// The unfinished submissions.
    open: Places,
    /// The submissions that wait until their target is deployed.
    for_deployment: Places,
    /// The unfinished submissions, by target.
    open_of_target: HashMap<Target, Places>,
    /// The unfinished submissions, by job.
    open_of_job: HashMap<JobId, Places>,
    of_job: HashMap<JobId, Places>,
    of_target: HashMap<Target, Places>,
    /// The accepted submissions, by CloudFront's invalidation id.
    accepted: HashMap<InvalidationId, Places>,
}

/// The indexed properties of a submission that can change.
#[derive(PartialEq)]
struct Indexed {
    open: bool,
    for_deployment: bool,
    accepted: Option<InvalidationId>,
}

impl Indexed {
    fn of(submission: &Submission) -> Self {
        Self {
            open: !submission.state.is_final(),
            for_deployment: submission.waits_for_deployment(),
            accepted: submission.state.accepted().map(|(id, _)| id.clone()),
        }
    }
}

impl Submissions {
    /// Inserts a submission, replacing an older one with the same id.
    pub(in crate::engine) fn insert(&mut self, submission: Submission) {
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

    /// Removes a submission.
    pub(in crate::engine) fn remove(&mut self, id: &SubmissionId) -> Option<Submission> {
        let place = self.all.remove(id)?;
        let submission = self.held.get_mut(place)?.take()?;
        self.holes.push(place);
        take(&mut self.of_job, &submission.job, id);
        take(&mut self.of_target, &submission.target, id);
        self.forget(&submission, &Indexed::of(&submission));
        Some(submission)
    }

    /// Changes a submission; its id, its job and its target must stay the same.
    pub(in crate::engine) fn change<R>(
        &mut self,
        id: &SubmissionId,
        change: impl FnOnce(&mut Submission) -> R,
    ) -> Option<R> {
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
        if indexed.for_deployment {
            self.for_deployment.insert(id.clone(), place);
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
        if indexed.for_deployment {
            self.for_deployment.remove(id);
        }
        if let Some(accepted) = &indexed.accepted {
            take(&mut self.accepted, accepted, id);
        }
    }

    /// Returns the submission with this id.
    pub(in crate::engine) fn get(&self, id: &SubmissionId) -> Option<&Submission> {
        self.at(*self.all.get(id)?)
    }

    fn at(&self, place: usize) -> Option<&Submission> {
        steps::count();
        self.held.get(place)?.as_ref()
    }

    /// Returns whether there is a submission with this id.
    pub(in crate::engine) fn contains(&self, id: &SubmissionId) -> bool {
        self.all.contains_key(id)
    }

    /// Returns all submissions, oldest first.
    pub(in crate::engine) fn iter(&self) -> impl DoubleEndedIterator<Item = &Submission> {
        self.all.values().filter_map(|place| self.at(*place))
    }

    /// Returns the unfinished submissions, oldest first.
    pub(in crate::engine) fn open(&self) -> impl Iterator<Item = &Submission> {
        self.those(Some(&self.open))
    }

    /// Returns the submissions that wait until their target is deployed, oldest first.
    pub(super) fn for_deployment(&self) -> impl Iterator<Item = &Submission> {
        self.those(Some(&self.for_deployment))
    }

    /// Returns the submissions of a target, oldest first.
    pub(in crate::engine) fn of(&self, target: &Target) -> impl DoubleEndedIterator<Item = &Submission> {
        self.those(self.of_target.get(target))
    }

    /// Returns the unfinished submissions of a target, oldest first.
    pub(in crate::engine) fn open_of(&self, target: &Target) -> impl Iterator<Item = &Submission> {
        self.those(self.open_of_target.get(target))
    }

    /// Returns whether any submission of a job is unfinished.
    pub(in crate::engine) fn is_job_open(&self, job: &JobId) -> bool {
        self.open_of_job.contains_key(job)
    }

    /// Returns the submissions of a job, oldest first.
    pub(in crate::engine) fn of_job(&self, job: &JobId) -> impl Iterator<Item = &Submission> {
        self.those(self.of_job.get(job))
    }

    /// Returns whether one of the submissions created the invalidation with this id on the target.
    pub(in crate::engine) fn is_accepted(&self, target: &Target, id: &InvalidationId) -> bool {
        self.those(self.accepted.get(id)).any(|s| s.target == *target)
    }

    fn those<'a>(&'a self, places: Option<&'a Places>) -> impl DoubleEndedIterator<Item = &'a Submission> {
        let places = places.into_iter().flat_map(BTreeMap::values);
        places.filter_map(|place| self.at(*place))
    }
}

impl PartialEq for Submissions {
    /// Compares only the submissions, because the indexes are derived from them.
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

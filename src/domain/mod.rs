//! The nouns and rules of CloudFront invalidations: pure, total, and free of everything else in the crate.

pub mod analysis;
pub mod batch;
pub mod collapse;
pub mod compare;
pub mod coverage;
pub mod distribution;
pub mod duration;
pub mod edge;
pub mod encoding;
pub mod export;
pub mod failure;
pub mod import;
pub mod invalidation;
pub mod item;
pub mod job;
pub mod ledger_failure;
pub mod lint;
pub mod observation;
pub mod pace;
pub mod price;
pub mod quota;
pub mod record;
pub mod saved_list;
pub mod submission;
pub mod target;
pub mod text;

//! Every way a call to CloudFront can end (TESTING §3), through the real SDK against the emulator, under virtual time.

use std::sync::Arc;
use invalidash::app::effect::{Answer, Call};
use invalidash::domain::batch::{Batch, CallerReference};
use invalidash::domain::distribution::Target;
use invalidash::emulator::{Emulator, Fault, Options, Trouble, ApiError};
use crate::support::clock::Clock;
use crate::support::connector::InProcess;

#[tokio::test(start_paused = true)]
async fn explore() {
    let clock = Clock::new();
    let emulator = Arc::new(Emulator::new(Options::default()));
    let cloudfront = InProcess::new(Arc::clone(&emulator), clock).cloudfront();
    let Ok(Answer::Distributions(page)) = cloudfront.call(Call::ListDistributions { marker: None }).await else { panic!() };
    println!("{:#?}", page.items[0]);
    let target = Target::Distribution(page.items[0].id.clone());
    for what in [Trouble::ServiceUnavailable, Trouble::InternalError, Trouble::Throttling, Trouble::TooManyInvalidations, Trouble::BatchTooLarge, Trouble::AccessDenied, Trouble::ExpiredToken,
        Trouble::SignatureDoesNotMatch, Trouble::ClockSkew, Trouble::NoSuchDistribution, Trouble::ReferenceClash{documented:true},Trouble::ReferenceClash{documented:false}, Trouble::Html{status:200}, Trouble::Html{status:502},
        Trouble::Empty{status:403}, Trouble::Drop, Trouble::Hang, Trouble::Delay{milliseconds:5000}, Trouble::Delay{milliseconds:15000}, Trouble::SlowBody{chunk:10,milliseconds:1000}, Trouble::CutBody{after:60},Trouble::TruncatedBody{after:60},
        Trouble::EmptyBody, Trouble::Status("Brewing".into()), Trouble::Status(String::new()), Trouble::Error(ApiError::new(403,"RequestExpired", "x"))] {
        for create in [false, true] {
            emulator.clear_faults();
            let before = emulator.calls().len();
            emulator.inject(Fault::new(what.clone()).always());
            let at = clock.elapsed();
            let real = std::time::Instant::now();
            let call = if create { Call::CreateInvalidation { target: target.clone(), batch: Batch::new(vec!["/a".into()]).unwrap(), reference: CallerReference::new(format!("r-{before}")) } } else { Call::ListInvalidations { target: target.clone(), marker: None } };
            let result = cloudfront.call(call).await;
            println!("{what:?} create={create} attempts={} virtual={:?} real={:?}\n    {result:?}", emulator.calls().len() - before, clock.elapsed() - at, real.elapsed());
        }
    }
}

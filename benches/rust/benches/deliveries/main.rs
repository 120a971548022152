//! Criterion, in rounds: each measures all that is compared on a workload once and briefly, so that what disturbs the
//! machine for a while doesn't fall on one of it. `report.py` takes the medians over all samples.

mod ours;
mod peers;

use criterion::{Bencher, Criterion, SamplingMode};
use korewebhook_benches::{Delivery, Workload};
use std::time::Duration;

const ROUNDS: usize = 5;

/// The time of one call, over all deliveries of a workload in turn.
fn each(bencher: &mut Bencher<'_>, workload: &Workload, mut call: impl FnMut(&Delivery)) {
    let mut deliveries = workload.deliveries.iter().cycle();
    bencher.iter(|| call(deliveries.next().expect("a delivery")));
}

/// A name in the report, and a measured piece of code.
type Column<'w> = (&'static str, Box<dyn FnMut(&mut Bencher<'_>) + 'w>);

fn main() {
    let mut criterion = Criterion::default()
        .without_plots()
        .sample_size(10)
        .nresamples(1000)
        .warm_up_time(Duration::from_millis(50))
        .measurement_time(Duration::from_millis(200))
        .configure_from_args();
    for workload in &Workload::all() {
        let mut group = criterion.benchmark_group(&workload.name);
        group.sampling_mode(SamplingMode::Flat);
        for round in 0..ROUNDS {
            for (name, mut run) in ours::columns(workload).into_iter().chain(peers::columns(workload)) {
                group.bench_function(format!("{name}/{round}"), |bencher| run(bencher));
            }
        }
    }
}

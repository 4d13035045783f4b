use super::oracle::Change;
use super::*;
use crate::metrics::planning::random::Random;

fn are(got: &[f64], want: &[f64], within: f64) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= within, "{got} {want}");
    }
}

/// T22.
fn revenue() -> Change {
    Change::flat(NodeOp::Product, &[(1e5, 1.1e5, false), (0.025, 0.02, false), (160.0, 155.0, false)])
}

/// T25.
fn roi() -> Change {
    let gain = [(1e4, 1.2e4, false), (0.05, 0.04, false), (100.0, 105.0, false)];
    Change::flat(NodeOp::Ratio, &[gain[0], gain[1], gain[2], (2e4, 3e4, true)])
}

#[test]
fn the_rule_is_exact_to_degree_31() {
    let sum: f64 = NODES.iter().map(|(_, w)| 2.0 * w).sum();
    assert!((sum - 2.0).abs() < 1e-15);
    for degree in [2, 16, 30] {
        let got: f64 = NODES.iter().map(|(x, w)| 2.0 * w * x.powi(degree)).sum();
        assert!((got - 2.0 / f64::from(degree + 1)).abs() < 1e-15, "{degree}: {got}");
    }
}

#[test]
fn three_factors_by_each_method() {
    // T22.
    let case = revenue();
    let want = [-59_000.0, 35_458.33, -82_666.67, -11_791.67];
    are(&case.blamed(), &want, 5e-3);
    are(&case.shapley()[1..], &want[1..], 5e-3);
    are(&case.logarithmic()[1..], &[35_237.67, -82_499.68, -11_737.99], 5e-3);
}

#[test]
fn two_sources_of_visits() {
    // T23.
    let mut case = Change::flat(NodeOp::Product, &[]);
    let visits = case.inner(0, NodeOp::Sum, false);
    case.leaf(0, (0.025, 0.02), false);
    case.leaf(0, (160.0, 155.0), false);
    case.leaf(visits, (60_000.0, 50_000.0), false);
    case.leaf(visits, (40_000.0, 60_000.0), false);
    are(&case.blamed(), &[-59_000.0, 35_458.33, -82_666.67, -11_791.67, -35_458.33, 70_916.67], 5e-3);
}

#[test]
fn a_factor_that_fell_to_zero() {
    // T24.
    let case = Change::flat(NodeOp::Product, &[(1000.0, 0.0, false), (0.1, 0.08, false)]);
    are(&case.blamed(), &[-100.0, -90.0, -10.0], 1e-9);
}

#[test]
fn a_return_on_spend_by_each_method() {
    // T25.
    let case = roi();
    are(&case.blamed(), &[-0.82, 0.375_886, -0.453_951, 0.100_148, -0.842_083], 5e-7);
    are(&case.shapley()[1..], &[0.386_250, -0.466_528, 0.102_917, -0.842_639], 5e-7);
    are(&case.logarithmic()[1..], &[0.376_113, -0.460_325, 0.100_650, -0.836_438], 5e-7);
}

#[test]
fn what_is_missing_has_no_blame() {
    let case = revenue();
    let mut actual = case.actual.clone();
    actual[1] = None;
    let got = blame(&case.tree, &case.target, &actual);
    assert_eq!((got.from, got.to, got.gap, got.contributions), (Some(400_000.0), None, None, None));
    let got = blame(&case.tree, &[], &case.actual);
    assert_eq!((got.from, got.to, got.gap), (None, Some(341_000.0), None));
    let over = Change::flat(NodeOp::Ratio, &[(5.0, 5.0, false), (2.0, 0.0, true)]);
    assert_eq!(blame(&over.tree, &over.target, &over.actual).gap, None, "a denominator of 0");
    let same = Change::flat(NodeOp::Sum, &[(5.0, 5.0, false)]);
    assert_eq!(same.blamed(), [0.0, 0.0]);
}

#[test]
fn a_steep_ratio_is_cut_finer_and_a_pole_has_no_answer() {
    let steep = Change::flat(NodeOp::Ratio, &[(40.0, 50.0, false), (1e4, 0.5, true)]);
    // The numerator earns ∫ Δa / d = Δa ln(d1/d0) / Δd, and the denominator the rest.
    let first = 10.0 * (0.5_f64 / 1e4).ln() / (0.5 - 1e4);
    are(&steep.blamed(), &[steep.gap(), first, steep.gap() - first], 1e-6);
    let barely = Change::flat(NodeOp::Product, &[(4e5, 4e5 + 1e-6, false), (3.0, 3.0, false)]);
    assert!((barely.blamed()[1] - barely.gap()).abs() < 1e-12);
    let pole = Change::flat(NodeOp::Ratio, &[(40.0, 50.0, false), (3.0, -2.0, true)]);
    let got = blame(&pole.tree, &pole.target, &pole.actual);
    assert!(got.gap.is_some() && got.contributions.is_none());
}

/// A tree of at most eight leaves; with ratios all values are above 0.
fn grown(random: &mut Random, ratios: bool) -> Change {
    let op = |random: &mut Random| match random.below(if ratios { 3 } else { 2 }) {
        0 => NodeOp::Sum,
        1 => NodeOp::Product,
        _ => NodeOp::Ratio,
    };
    let mut case = Change::flat(op(random), &[]);
    let mut open = vec![0];
    let mut leaves = 0;
    while let Some(node) = open.pop() {
        for child in 0..2 + random.below(2) {
            let ratio = case.tree.nodes()[node].op == NodeOp::Ratio;
            let minus = if ratios { ratio && child > 0 } else { random.below(3) == 0 };
            if leaves + 2 * open.len() < 5 && random.below(2) == 0 {
                let op = op(random);
                open.push(case.inner(node, op, minus));
            } else {
                let low = if ratios { 0.2 } else { -5.0 };
                case.leaf(node, (random.between(low, 5.0), random.between(low, 5.0)), minus);
                leaves += 1;
            }
        }
    }
    case
}

#[test]
fn sums_and_products_have_the_shapley_value() {
    let mut random = Random(1);
    let mut nested = 0;
    for round in 0..300 {
        let case = grown(&mut random, false);
        nested += usize::from(case.tree.depth() > 2);
        let (got, want) = (case.blamed(), case.shapley());
        let size: f64 = want.iter().map(|part| part.abs()).sum();
        for leaf in case.tree.leaves() {
            assert!(
                (got[leaf] - want[leaf]).abs() <= 1e-9 * size.max(1.0),
                "round {round}: {} {}",
                got[leaf],
                want[leaf]
            );
        }
    }
    assert!(nested > 100, "{nested} of 300 trees have inner nodes below the root");
}

#[test]
fn parts_add_up_to_the_gap_by_every_method() {
    let mut random = Random(2);
    let mut ratios = 0;
    for round in 0..300 {
        let case = grown(&mut random, true);
        ratios += usize::from(case.tree.nodes().iter().any(|n| n.op == NodeOp::Ratio));
        let gap = case.gap();
        let blamed = case.blamed();
        let leaves: f64 = case.tree.leaves().map(|leaf| blamed[leaf]).sum();
        for (method, sum) in [
            ("Aumann-Shapley", leaves),
            ("Aumann-Shapley at the root", blamed[0]),
            ("Shapley", case.shapley().iter().sum()),
            ("LMDI", case.logarithmic().iter().sum()),
        ] {
            assert!((sum - gap).abs() <= 1e-9 * gap.abs().max(1.0), "round {round}: {method} {sum} {gap}");
        }
    }
    assert!(ratios > 100, "{ratios} of 300 trees have a ratio");
}

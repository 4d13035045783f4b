use proptest::prelude::*;

use super::*;
use crate::metrics::planning::random::Random;

fn free(baseline: f64) -> Wish {
    Wish { baseline: Some(baseline), ..Wish::default() }
}

fn weighted(baseline: f64, weight: f64) -> Wish {
    Wish { weight, ..free(baseline) }
}

fn capped(baseline: f64, cap: f64) -> Wish {
    Wish { cap: Some(cap), ..free(baseline) }
}

fn locked(baseline: f64, target: impl Into<Option<f64>>) -> Wish {
    Wish { locked: true, target: target.into(), ..free(baseline) }
}

/// A root with leaves; minus where the flag is set.
fn family(op: NodeOp, minus: &[bool]) -> Tree {
    let mut tree = Tree::new(op);
    for minus in minus {
        tree.add(0, NodeOp::Leaf, *minus).unwrap();
    }
    tree
}

fn shared(op: NodeOp, leaves: &[(Wish, bool)], target: f64, mode: Mode) -> Result<Vec<f64>, Lack> {
    let tree = family(op, &leaves.iter().map(|(_, minus)| *minus).collect::<Vec<_>>());
    let wishes: Vec<_> = std::iter::once(Wish::default()).chain(leaves.iter().map(|(wish, _)| *wish)).collect();
    let got = propose(&tree, &wishes, target, mode);
    match got.problems.first() {
        None => Ok(got.targets[1..].iter().map(|t| t.unwrap()).collect()),
        Some(problem) => {
            assert!(got.targets[1..].iter().all(Option::is_none));
            Err(problem.lack)
        }
    }
}

fn plus(op: NodeOp, leaves: &[Wish], target: f64, mode: Mode) -> Result<Vec<f64>, Lack> {
    shared(op, &leaves.iter().map(|wish| (*wish, false)).collect::<Vec<_>>(), target, mode)
}

/// Targets to the digits printed.
fn are(got: Result<Vec<f64>, Lack>, want: &[f64], within: f64) {
    let got = got.unwrap();
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= within * want.abs().max(1.0), "{got} {want}");
    }
}

#[test]
fn factors_share_an_uplift() {
    let product = |leaves: &[Wish]| plus(NodeOp::Product, leaves, 390_000.0, Mode::Share);
    let plain = [free(100_000.0), free(0.02), free(150.0)];
    // T1.
    are(product(&plain), &[109_139.288, 0.021_827_86, 163.708_93], 2e-8);
    // T2.
    are(product(&[plain[0], plain[1], locked(150.0, None)]), &[114_017.542_5, 0.022_803_51, 150.0], 5e-9);
    // T3.
    let weights = [weighted(100_000.0, 0.5), weighted(0.02, 0.3), weighted(150.0, 0.2)];
    are(product(&weights), &[114_017.542_5, 0.021_637_79, 158.081_09], 3e-8);
    // T4.
    let rates = [free(50_000.0), free(0.20), capped(0.90, 1.0)];
    are(plus(NodeOp::Product, &rates, 13_500.0, Mode::Share), &[58_094.750_2, 0.232_379_0, 1.0], 3e-8);
}

#[test]
fn a_ratio_shares_above_and_below() {
    // T5.
    let roi = |spend: Wish| shared(NodeOp::Ratio, &[(free(120_000.0), false), (spend, true)], 3.6, Mode::Share);
    are(roi(free(40_000.0)), &[131_453.413_8, 36_514.837_2], 1e-8);
    are(roi(locked(40_000.0, 44_000.0)), &[158_400.0, 44_000.0], 1e-12);
    // The sign of a factor says nothing in a product.
    let product = shared(NodeOp::Product, &[(free(2.0), false), (free(8.0), true)], 64.0, Mode::Share);
    are(product, &[4.0, 16.0], 1e-12);
}

#[test]
fn addends_share_a_target_or_a_gap() {
    // T6.
    let wishes = [free(4000.0), free(2500.0), locked(1500.0, None)];
    are(plus(NodeOp::Sum, &wishes, 10_000.0, Mode::Share), &[5230.769, 3269.231, 1500.0], 1e-7);
    let whole = wishes.map(|wish| Wish { whole: true, ..wish });
    are(plus(NodeOp::Sum, &whole, 10_000.0, Mode::Share), &[5231.0, 3269.0, 1500.0], 0.0);
    // T7.
    let weights = [weighted(4000.0, 0.5), weighted(2500.0, 0.3), weighted(1500.0, 0.2)];
    are(plus(NodeOp::Sum, &weights, 10_000.0, Mode::Weight), &[5000.0, 3100.0, 1900.0], 1e-12);
    // A lock leaves weights of .5 and .2, which are 5/7 and 2/7 together.
    let some = [weights[0], Wish { locked: true, target: Some(2900.0), ..weights[1] }, weights[2]];
    are(plus(NodeOp::Sum, &some, 10_000.0, Mode::Weight), &[36_000.0 / 7.0, 2900.0, 13_700.0 / 7.0], 1e-12);
}

#[test]
fn what_cannot_be_reached_is_told_by_how_much() {
    // T8.
    let got = plus(NodeOp::Sum, &[locked(5500.0, 6000.0), locked(4800.0, 5000.0), free(900.0)], 10_000.0, Mode::Share);
    assert_eq!(got, Err(Lack::Residual(-1000.0)));
    assert_eq!(got.unwrap_err().amount(), Some(-1000.0));
    let all = plus(NodeOp::Sum, &[locked(1.0, 0.1), locked(2.0, 0.2)], 0.5, Mode::Weight);
    assert!(matches!(all, Err(Lack::Residual(rest)) if (rest - 0.2).abs() < 1e-12), "{all:?}");
    are(plus(NodeOp::Sum, &[locked(1.0, 0.1), locked(2.0, 0.2)], 0.3, Mode::Share), &[0.1, 0.2], 0.0);
    let factor = plus(NodeOp::Product, &[locked(1e5, 1.1e5), locked(0.02, None)], 2750.0, Mode::Share);
    assert!(matches!(factor, Err(Lack::Factor(u)) if (u - 1.25).abs() < 1e-12), "{factor:?}");
    let caps = plus(NodeOp::Product, &[capped(0.5, 0.6), capped(0.8, 1.0)], 0.9, Mode::Share);
    assert!(matches!(caps, Err(Lack::Factor(u)) if (u - 1.5).abs() < 1e-12), "{caps:?}");
    let full = plus(NodeOp::Sum, &[capped(5.0, 6.0), capped(5.0, 7.0)], 15.0, Mode::Share);
    assert_eq!(full, Err(Lack::Residual(2.0)));
}

#[test]
fn nothing_grows_from_nothing() {
    let of = |leaves: &[Wish], target: f64| plus(NodeOp::Product, leaves, target, Mode::Share).unwrap_err();
    for (leaves, target) in [
        ([free(0.0), free(5.0)], 10.0),
        ([free(2.0), free(5.0)], 0.0),
        ([free(2.0), free(5.0)], -1.0),
        ([free(2.0), locked(5.0, 0.0)], 5.0),
        ([free(2.0), locked(5.0, -1.0)], 5.0),
        ([Wish::default(), free(5.0)], 10.0),
    ] {
        assert_eq!(of(&leaves, target), Lack::NoUplift);
    }
    assert_eq!(Lack::NoUplift.amount(), None);
    let missing = Wish::default();
    assert_eq!(plus(NodeOp::Sum, &[missing, free(5.0)], 10.0, Mode::Share), Err(Lack::NoUplift));
    assert_eq!(
        plus(NodeOp::Sum, &[Wish { locked: true, ..missing }, free(5.0)], 10.0, Mode::Share),
        Err(Lack::NoUplift)
    );
    for odd in [f64::NAN, f64::INFINITY] {
        let wishes = [capped(odd, 5.0), Wish { weight: 1e308, ..capped(1e308, 1.0) }, free(3.0)];
        for mode in [Mode::Share, Mode::Weight] {
            assert!(plus(NodeOp::Sum, &wishes, 1e308, mode).is_err());
        }
    }
    let known = Wish { locked: true, target: Some(4.0), ..missing };
    are(plus(NodeOp::Sum, &[known, free(5.0)], 10.0, Mode::Share), &[4.0, 6.0], 0.0);
}

#[test]
fn caps_and_floors_share_again() {
    are(
        plus(NodeOp::Sum, &[capped(50.0, 55.0), free(30.0), free(20.0)], 130.0, Mode::Share),
        &[55.0, 45.0, 30.0],
        1e-12,
    );
    // -800 by weight would take the first to -220.
    let falling = [weighted(500.0, 0.9), weighted(400.0, 0.1)];
    are(plus(NodeOp::Sum, &falling, 100.0, Mode::Weight), &[0.0, 100.0], 1e-12);
    // Reading A30 holds for a loss too: it is asked for nothing, not for less of it.
    are(plus(NodeOp::Sum, &[free(-50.0), free(100.0)], 70.0, Mode::Weight), &[0.0, 70.0], 1e-12);
    // One above its cap and one below 0 in the same pass: what the cap sets free lifts the other.
    are(plus(NodeOp::Sum, &[capped(3957.0, 0.0), free(0.0)], 1.0, Mode::Weight), &[0.0, 1.0], 1e-12);
    // Nothing to be in proportion to.
    are(plus(NodeOp::Sum, &[weighted(0.0, 3.0), free(0.0)], 8.0, Mode::Share), &[6.0, 2.0], 1e-12);
    are(plus(NodeOp::Sum, &[weighted(5.0, 0.0), weighted(6.0, 0.0)], 13.0, Mode::Weight), &[6.0, 7.0], 1e-12);
}

#[test]
fn signs_of_a_sum() {
    let net = [(free(100.0), false), (free(20.0), true)];
    are(shared(NodeOp::Sum, &net, 120.0, Mode::Share), &[150.0, 30.0], 1e-12);
    are(shared(NodeOp::Sum, &net, 100.0, Mode::Weight), &[110.0, 10.0], 1e-12);
    // Refunds can't fall below nothing: the rest is for sales.
    are(shared(NodeOp::Sum, &net, 140.0, Mode::Weight), &[140.0, 0.0], 1e-12);
    // A sum below nothing is possible where something is taken away.
    let down = shared(NodeOp::Sum, &[(locked(100.0, 10.0), false), (free(20.0), true)], -30.0, Mode::Share);
    are(down, &[10.0, 40.0], 1e-12);
    let whole = net.map(|(wish, minus)| (Wish { whole: true, ..wish }, minus));
    let got = shared(NodeOp::Sum, &whole, 101.0, Mode::Share).unwrap();
    assert!((got[0] - got[1] - 101.0).abs() < 1e-12 && got.iter().all(|t| t.fract() == 0.0), "{got:?}");
}

#[test]
fn a_locked_parent_still_shares_and_a_problem_stays_where_it_is() {
    let mut tree = Tree::new(NodeOp::Product);
    let visits = tree.add(0, NodeOp::Sum, false).unwrap();
    tree.add(0, NodeOp::Leaf, false);
    tree.add(visits, NodeOp::Leaf, false);
    tree.add(visits, NodeOp::Leaf, false);
    let lock = Wish { locked: true, target: Some(150.0), ..Wish::default() };
    let wishes = [Wish::default(), lock, free(0.1), free(60.0), free(40.0)];
    let got = propose(&tree, &wishes, 30.0, Mode::Share);
    assert_eq!((got.targets[1], got.targets[3], got.targets[4]), (Some(150.0), Some(90.0), Some(60.0)));
    assert!((got.targets[2].unwrap() - 0.2).abs() < 1e-12 && got.problems.is_empty());
    let wishes = [Wish::default(), lock, free(0.1), locked(60.0, None), locked(40.0, None)];
    let got = propose(&tree, &wishes, 30.0, Mode::Share);
    assert_eq!(got.problems, [Problem { node: visits, lack: Lack::Residual(50.0) }]);
    assert_eq!((got.targets[1], got.targets[3], got.targets[4]), (Some(150.0), None, None));
    assert!((got.targets[2].unwrap() - 0.2).abs() < 1e-12, "the parent keeps its proposal");
}

/// A tree of three levels below a root of the given kind, with baselines of leaves.
fn grown(random: &mut Random, op: NodeOp, whole: bool) -> (Tree, Vec<Wish>) {
    let mut tree = Tree::new(op);
    let mut wishes = vec![Wish::default()];
    let mut open = vec![(0, 0)];
    while let Some((at, depth)) = open.pop() {
        for child in 0..2 + random.below(3) {
            let inner = depth < 2 && random.below(3) == 0;
            let op = match random.below(3) {
                _ if !inner => NodeOp::Leaf,
                0 => NodeOp::Sum,
                1 => NodeOp::Product,
                _ => NodeOp::Ratio,
            };
            // The first child of a ratio stays above.
            let minus = tree.nodes()[at].op == NodeOp::Ratio && child > 0 && random.below(2) == 0;
            let number = tree.add(at, op, minus).unwrap();
            wishes.push(Wish { weight: random.between(0.1, 3.0), whole, ..free(random.between(1.0, 900.0)) });
            if inner {
                open.push((number, depth + 1));
            }
        }
    }
    (tree, wishes)
}

/// Holds what a grown tree is proposed against what its parts then come to.
fn fits(seed: u64, up: f64, kind: usize, by_weight: bool) -> Result<(), TestCaseError> {
    let mode = if by_weight { Mode::Weight } else { Mode::Share };
    let mut random = Random(seed);
    let (tree, wishes) = grown(&mut random, [NodeOp::Sum, NodeOp::Product, NodeOp::Ratio][kind], false);
    let baselines: Vec<_> = wishes.iter().map(|w| w.baseline).collect();
    let target = up * evaluate::values(&tree, &baselines)[0].unwrap();
    let got = propose(&tree, &wishes, target, mode);
    // By weight, a sum's products may be asked for 0, from which nothing grows; else all can be reached.
    if got.problems.is_empty() {
        let reached = evaluate::values(&tree, &got.targets);
        for (node, (reached, target)) in reached.iter().zip(&got.targets).enumerate() {
            let (reached, target) = (reached.unwrap(), target.unwrap());
            prop_assert!(
                (reached / target - 1.0).abs() < 1e-9 || (reached - target).abs() < 1e-9,
                "{node}: {reached} {target}"
            );
        }
    } else {
        prop_assert!(by_weight && got.problems.iter().all(|p| p.lack == Lack::NoUplift), "{:?}", got.problems);
    }
    Ok(())
}

#[test]
fn a_target_far_below_the_baselines_is_shared_to_its_last_digits() {
    fits(4_860_590_816_515_341_561, 2.629_941_464_845_163, 0, true).unwrap();
}

proptest! {
    #[test]
    fn proposals_multiply_and_add_up(seed in any::<u64>(), up in 0.2_f64..4.0, kind in 0_usize..3, by_weight in any::<bool>()) {
        fits(seed, up, kind, by_weight)?;
    }

    #[test]
    fn whole_sums_add_up_exactly(
        leaves in prop::collection::vec((0_u32..5000, 0_u32..5, prop::option::of(0_u32..3000)), 1..7),
        target in 0_i64..30_000,
        by_weight in any::<bool>(),
    ) {
        let mode = if by_weight { Mode::Weight } else { Mode::Share };
        let wishes: Vec<Wish> = leaves
            .iter()
            .map(|(baseline, weight, cap)| Wish {
                whole: true,
                cap: cap.map(f64::from),
                ..weighted(f64::from(*baseline), f64::from(*weight))
            })
            .collect();
        match plus(NodeOp::Sum, &wishes, target as f64, mode) {
            Ok(got) => {
                prop_assert_eq!(got.iter().sum::<f64>().to_bits(), (target as f64).to_bits());
                prop_assert!(got.iter().zip(&wishes).all(|(t, w)| t.fract() == 0.0 && *t >= 0.0 && w.cap.is_none_or(|c| *t <= c)));
            }
            Err(lack) => {
                let most: Option<u32> = leaves.iter().map(|(.., cap)| *cap).sum();
                prop_assert!(matches!(lack, Lack::Residual(rest) if rest > 0.0) && most.is_some_and(|m| i64::from(m) < target), "{lack:?}");
            }
        }
    }
}

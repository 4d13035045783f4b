//! An operator with nothing but a spreadsheet of daily numbers: what he brings, asks, plans and reads.

use std::fmt::Write as _;

use crate::endings::fails;
use crate::place::Place;

/// The day on which he asks.
const TODAY: &str = "--today 2026-06-04";

/// Two months of numbers, by channel and whole, one column a number and one row a number.
fn place() -> Place {
    let place = Place::bare();
    let (mut long, mut wide) = (String::from("date,metric,value,channel\n"), String::from("日期,visits,下载量\n"));
    for n in 0..34 {
        let day = quarterdeck::domain::calendar::Day(20_574 + n);
        write!(
            long,
            "{day},new_users,30,search\n{day},new_users,20,feed\n{day},net,100.50,\n{day},members,{},\n",
            500 + n
        )
        .unwrap_or_default();
        writeln!(wide, "{day},{},{}", 1_000 + n % 7, if n == 10 { String::new() } else { "7.5".to_owned() })
            .unwrap_or_default();
    }
    place.write("long.csv", long);
    place.write("wide.csv", wide);
    assert_eq!(place.line("init --tz UTC --currency USD").code, Some(0));
    for line in ["import long.csv", "import --kind facts wide.csv"] {
        let ended = place.line(line);
        assert!(
            ended.code == Some(0) && ended.out.contains("inserted 34") || ended.out.contains("inserted 136"),
            "{ended:?}"
        );
    }
    place
}

#[test]
fn a_number_of_his_own_is_asked_by_its_name() {
    let place = place();
    let rows = |line: &str| {
        let ended = place.line(&format!("metric {line} --format csv {TODAY}"));
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{line}");
        ended.out.lines().skip(1).map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(
        rows("fact:visits --from 2026-06-02 --to 2026-06-04"),
        [
            "visits,2026-06-02,2026-06-02,1004,complete",
            "visits,2026-06-03,2026-06-03,1005,complete",
            // Nothing is typed yet, which is not 0.
            "visits,2026-06-04,2026-06-04,,not_reached",
        ]
    );
    assert_eq!(
        rows("level:members --grain week --from 2026-05-25 --to 2026-05-31"),
        ["members,2026-05-25,2026-05-31,530,complete"]
    );
    // One of the seven days has no value.
    assert_eq!(
        rows("fact:下载量 --grain total --from 2026-05-09 --to 2026-05-15"),
        ["下载量,2026-05-09,2026-05-15,45,complete"]
    );
    assert_eq!(
        rows("fact:new_users --by channel --grain total --from 2026-06-01 --to 2026-06-02"),
        [
            "new_users,2026-06-01,2026-06-02,feed,40,complete",
            "new_users,2026-06-01,2026-06-02,search,60,complete",
            "new_users,2026-06-01,2026-06-02,,100,complete",
        ]
    );
    assert_eq!(
        rows("fact:new_users --channel feed --from 2026-06-01 --to 2026-06-01"),
        ["new_users,2026-06-01,2026-06-01,20,complete"]
    );
}

#[test]
fn a_name_that_is_not_there_is_told_with_those_that_are() {
    let place = place();
    fails(
        &place.line("metric fact:visit"),
        2,
        &["no daily fact is called visit", "members, net, new_users, visits, 下载量", "quarterdeck log"],
    );
    fails(&place.line("metric fact:visits --by platform"), 2, &["a daily fact can be split by channel alone"]);
    fails(&place.line("metric fact:visits --compare previous"), 2, &["a daily fact can be asked by --from"]);
    fails(&place.line("metric new_users --by platform"), 2, &["no event has a platform"]);
    let split = place.line(&format!("metric new_users --by channel --grain total --format csv {TODAY}"));
    assert!(split.out.contains(",search,") && split.out.contains(",feed,"), "{split:?}");
    let known = place.line(&format!("log Revenue 12 --day yesterday {TODAY}"));
    assert!(known.out.starts_with("net  ") && known.err.contains("Revenue is taken for net"), "{known:?}");
}

#[test]
fn his_numbers_feed_metrics_plans_and_the_report() {
    let place = place();
    let ended =
        place.line(&format!("metric new_users --grain total --from 2026-06-01 --to 2026-06-03 --format csv {TODAY}"));
    assert!(ended.out.contains(",150,complete\n") && ended.err.contains("told by daily facts"), "{ended:?}");
    for line in [
        "plan new Visits --type market --metric fact:visits --start 2026-06-01 --finish 2026-06-14 --target 15k",
        "plan new Sales --type commercial --metric net --start 2026-06-01 --finish 2026-06-14 --target 2k",
        "plan status 1 ready",
        "plan status 1 running",
    ] {
        let ended = place.line(&format!("{line} {TODAY}"));
        assert_eq!(ended.code, Some(0), "{line}: {ended:?}");
    }
    let plans = place.line(&format!("plan list --format csv {TODAY}")).out;
    assert!(plans.contains(",visits,15000,3012,"), "{plans}");
    assert!(plans.contains(",Net revenue,2000,301.5,"), "{plans}");
    let report = place.line(&format!("report --week --of 2026-06-01 --format csv {TODAY}")).out;
    assert!(report.contains("headline,net,value,301.5\n") && report.contains("plans,1,actual,3012\n"), "{report}");
}

//! Commands about what plans bring: subscriptions, lift, campaigns, deals.

use crate::bytes::pinned_in;
use crate::endings::fails;
use crate::place::Place;

/// Two subscriptions by the month, one by the year, and one whose days nobody knows.
fn with_subscriptions() -> Place {
    let place = Place::new();
    let rows = "order_id,user_id,ts,stream,amount,currency,subscription,service_from,service_to\n\
                s1,ann,2026-05-01T08:00:00Z,subs,10,USD,a,2026-05-01,2026-06-01\n\
                s2,ann,2026-06-01T08:00:00Z,subs,12,USD,a,2026-06-01,2026-07-01\n\
                s3,ben,2026-05-02T08:00:00Z,subs,120,USD,b,2026-05-02,2027-05-01\n\
                s4,,2026-05-03T08:00:00Z,subs,5,USD,c,2026-05-03,2026-06-02\n\
                s5,cy,2026-05-03T08:00:00Z,subs,5,EUR,d,2026-05-03,2026-06-02\n";
    place.write("subscriptions.csv", rows);
    let ended = place.line("import subscriptions.csv --source plans --through 2026-06-03");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    place
}

#[test]
fn recurring_revenue_and_its_movements() {
    let place = with_subscriptions();
    let ended = place.line("mrr --from 2026-05-01 --to 2026-06-30 --format csv");
    let rows = [
        "from,to,state,opening,new,reactivation,expansion,contraction,churn,closing,customers_before,customers_new,\
         customers_back,customers_lost,customers_flat,customers",
        "2026-05-01,2026-05-31,complete,0,25,0,0,0,0,25,0,3,0,0,0,3",
        "2026-06-01,2026-06-30,running,25,0,0,2,0,5,22,3,0,0,1,1,2",
    ];
    assert_eq!((ended.code, ended.out), (Some(0), rows.map(|row| format!("{row}\n")).concat()));
    assert_eq!(ended.err, "1 money rows are left out: their currency has no rate\n");
    pinned_in(&place, "mrr", "mrr --stream subs --grain total --from 2026-06-03 --to 2026-06-03");
    pinned_in(&place, "metric-mrr", "metric mrr --by channel --grain day --from 2026-06-03 --to 2026-06-03");
}

#[test]
fn a_renewal_without_a_rate_is_no_churn() {
    let place = Place::new();
    let rows = "order_id,user_id,ts,amount,currency,subscription,service_from,service_to\n\
                s1,ann,2026-05-01T08:00:00Z,10,EUR,a,2026-05-01,2026-06-01\n\
                s2,ann,2026-06-01T08:00:00Z,20,EUR,a,2026-06-01,2026-07-01\n\
                s3,ben,2026-05-01T08:00:00Z,5,USD,b,2026-05-01,2026-07-01\n";
    place.write("subscriptions.csv", rows);
    assert_eq!(place.line("import subscriptions.csv --source plans --through 2026-06-30").code, Some(0));
    let rate = |day: &str| {
        place.write("rates.csv", format!("date,from,to,rate\n{day},EUR,USD,1.5\n"));
        assert_eq!(place.line("import rates.csv --kind rates").code, Some(0));
    };
    let june = |ended: &crate::place::Ended| ended.out.lines().nth(2).unwrap_or_default().to_owned();
    rate("2026-05-01");
    let ended = place.line("mrr --from 2026-05-01 --to 2026-06-30 --format csv");
    assert_eq!(june(&ended), "2026-06-01,2026-06-30,running,17.5,,,,,,2.5,2,,,,,1", "{ended:?}");
    assert!(ended.err.contains("1 money rows are left out"), "{ended:?}");
    for (id, value) in [("mrr", "2.5"), ("mrr_churn", ""), ("customer_churn", "")] {
        let ended = place.line(&format!("metric {id} --grain month --from 2026-06-01 --to 2026-06-30 --format csv"));
        assert!(ended.out.ends_with(&format!("{id},2026-06-01,2026-06-30,{value},running\n")), "{ended:?}");
    }
    rate("2026-06-01");
    let ended = place.line("mrr --from 2026-05-01 --to 2026-06-30 --format csv");
    assert_eq!(june(&ended), "2026-06-01,2026-06-30,running,17.5,0,0,15,0,0,32.5,2,0,0,0,1,2", "{ended:?}");
}

#[test]
fn what_a_campaign_cost_leaves_out_only_what_has_no_rate_and_says_so() {
    let place = Place::new();
    place.write("joins.csv", "user_id,ts,event\nann,2026-07-01T08:00:00Z,join\nben,2026-07-02T08:00:00Z,join\n");
    place.write("ads.csv", "date,channel,campaign,amount,currency\n2026-07-01,tv,july,5,USD\n2026-07-01,tv,july,50,EUR\n2026-07-01,tv,other,9,EUR\n2026-06-01,tv,june,7,USD\n");
    place.write(
        "paid.csv",
        "order_id,user_id,ts,amount,currency\np1,ann,2026-07-02T09:00:00Z,30,USD\n\
         p2,cy,2026-07-02T09:00:00Z,8,EUR\np3,ben,2026-07-02T09:00:00Z,8,EUR\np4,ben,2026-07-01T09:00:00Z,8,EUR\n",
    );
    for file in ["joins.csv", "ads.csv", "paid.csv"] {
        assert_eq!(place.line(&format!("import {file} --through 2026-07-03")).code, Some(0), "{file}");
    }
    let asked = |flags: &str| {
        let ended = place.line(&format!("participants {flags} --from 2026-07-01 --to 2026-07-03 --format csv"));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        (ended.out.lines().nth(1).unwrap_or_default().to_owned(), ended.err)
    };
    // The row of the cost, and the one of a participant since the join; not those of others.
    let left_out = "2 money rows are left out: their currency has no rate\n";
    assert_eq!(asked("--campaign july"), ("2,2,5,2.5,0,0,,1,30,5.000000".to_owned(), left_out.to_owned()));
    let alone = left_out.replace('2', "1");
    assert_eq!(asked("--campaign june"), ("2,2,,,0,0,,1,30,".to_owned(), alone.clone()));
    assert_eq!(asked("--event join"), ("2,2,,,0,0,,1,30,".to_owned(), alone));
    fails(&place.line("participants --campaign none"), 2, &["no spend is booked under the campaign none"]);
}

#[test]
fn without_subscriptions_it_is_said_what_would_feed_them() {
    let place = Place::new();
    for line in ["mrr --from 2026-06-01", "metric mrr_churn --from 2026-06-03 --format csv"] {
        let ended = place.line(line);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.err.contains("revenue with the columns subscription, service_from and service_to"), "{ended:?}");
    }
    assert!(place.line("metric spend --from 2026-06-03").err.contains("nothing feeds spend"));
    place.write(
        "odd.csv",
        "order,time,amount,subscription,service_from,service_to\no9,2026-06-01T00:00:00Z,5,a,June,July\n",
    );
    assert_eq!(place.line("import odd.csv --source odd --through 2026-06-03").code, Some(0));
    let ended = place.line("metric mrr --from 2026-06-03 --format csv");
    assert!(ended.err.contains("1 money rows with a subscription are left out"), "{ended:?}");
    assert!(ended.out.ends_with("mrr,2026-06-03,2026-06-03,,complete\n"), "{ended:?}");
    fails(&place.line("mrr --platform ios"), 2, &["platform", "streams"]);
}

#[test]
fn a_period_beside_the_same_weekdays_before() {
    let place = Place::new();
    // The Wednesdays of the four weeks before 2026-06-03: 2, 1, none and 1 users.
    let rows = "user_id,ts,event\nann,2026-05-06T08:00:00Z,open\nben,2026-05-06T08:00:00Z,open\n\
                ann,2026-05-13T08:00:00Z,open\nann,2026-05-14T08:00:00Z,open\nann,2026-05-27T08:00:00Z,open\n";
    place.write("before.csv", rows);
    assert_eq!(place.line("import before.csv --through 2026-06-03").code, Some(0));
    pinned_in(&place, "metric-lift", "metric dau --lift --from 2026-06-03 --to 2026-06-03");
    let flagged = place.line("metric dau --lift --flag 2026-05-20 --from 2026-06-03 --to 2026-06-03 --format csv");
    assert!(flagged.out.ends_with(",3,1.333333,0.750000,\"same weekdays, no cause\"\n"), "{flagged:?}");
    let unfed = place.line("metric spend --lift --from 2026-06-03 --to 2026-06-03 --format csv");
    assert!(
        unfed.err.contains("nothing feeds spend") && unfed.out.contains(",0,,2026-05-06,2026-06-02,0,,,"),
        "{unfed:?}"
    );
    for line in ["metric dau --lift --grain week", "metric dau --flag 2026-06-01", "metric dau --lift --by channel"] {
        assert_eq!(place.line(line).code, Some(2), "{line}");
    }
}

/// Deals of every kind, one in a currency without a rate.
fn with_deals() -> Place {
    let place = Place::new();
    let rows = "id,partner,kind,stage,value,currency,due,received\n\
                d1,Harbor,cash,lead,100,USD,,\nd2,Pier,cash,talk,50,USD,,\nd3,Quay,cash,won,40,USD,2026-06-01,\n\
                d4,Dock,cash,won,30,USD,2026-06-01,2026-06-02\nd5,Mole,barter,won,7,USD,2026-06-01,\n\
                d6,Jetty,cash,lost,9,USD,,\nd7,Slip,cash,won,5,EUR,2026-06-01,\n";
    place.write("deals.csv", rows);
    assert_eq!(place.line("import deals.csv --kind deals --through 2026-06-03").code, Some(0));
    place
}

#[test]
fn deals_by_stage_and_what_they_come_to() {
    let place = with_deals();
    let ended = place.line("deals --stages lead,talk,won --at 2026-06-03 --format csv");
    let rows = [
        "part,stage,deals,value,reached,conversion_from_previous,conversion_from_first",
        "stage,lead,1,100,7,,1.000000",
        "stage,talk,1,50,5,0.714286,0.714286",
        "stage,won,4,77,4,0.800000,0.571429",
        "stage,lost,1,9,,,",
        "won,,4,77,,,",
        "overdue,,2,40,,,",
        "barter,,1,7,,,",
        "all,,7,236,,,",
    ];
    assert_eq!((ended.code, ended.out), (Some(0), rows.map(|row| format!("{row}\n")).concat()));
    assert_eq!(ended.err, "1 deals count without their value: its currency has no rate\n");
    let earlier = place.line("deals --at 2026-06-01 --won lost --format csv");
    assert!(earlier.out.contains("\nwon,,1,9,,,\noverdue,,0,0,,,\n"), "{earlier:?}");
    let none = Place::new().line("deals --format csv");
    assert!(none.code == Some(0) && none.err.contains("nothing feeds deals"), "{none:?}");
}

//! The questions of the probe: a name, then what limits it, such as `triangle.day channel=email platform=ios`.

use quarterdeck::domain::calendar::{Grain, Span};
use quarterdeck::query::{
    Answer, EventFilter, FunnelQuery, MetricQuery, Number, Query, RetentionQuery, RetentionTable, Segment, Series,
    State, find_metric,
};
use serde_json::{Value, json};

/// Seconds in the window of the funnel.
const WEEK: u64 = 7 * 86_400;
const STEPS: [&str; 4] = ["app_open", "view_item", "add_to_cart", "purchase"];
const GROWTH: [&str; 4] = ["new_users", "returning_users", "resurrected_users", "dormant_users"];
/// What `panels` asks: all that the panels of an activity screen show over the whole history.
const PANELS: [&str; 6] = ["triangle.day", "triangle.week", "dau", "wau", "mau", "growth.week"];

/// A question in words.
pub struct Question<'q> {
    name: &'q str,
    segment: Segment,
    event: Option<&'q str>,
}

impl<'q> Question<'q> {
    /// Reads a line.
    ///
    /// # Errors
    /// When a word is no limit.
    pub fn parse(line: &'q str) -> Result<Self, String> {
        let mut words = line.split_whitespace();
        let name = words.next().ok_or("a question has a name")?;
        let (mut segment, mut event) = (Segment::default(), None);
        for word in words {
            match word.split_once('=') {
                Some(("channel", value)) => segment.channels.push(value.to_owned()),
                Some(("platform", value)) => segment.platforms.push(value.to_owned()),
                Some(("stream", value)) => segment.streams.push(value.to_owned()),
                Some(("event", value)) => event = Some(value),
                _ => return Err(format!("{word} is no limit")),
            }
        }
        Ok(Self { name, segment, event })
    }

    /// What the engine is asked, over these days.
    ///
    /// # Errors
    /// When there is no such question.
    pub fn queries(&self, span: Span) -> Result<Vec<Query>, String> {
        let named =
            |name: &str| Question { name: "", segment: self.segment.clone(), event: self.event }.one(name, span);
        if self.name == "panels" {
            return Ok(PANELS.iter().map(|name| named(name)).collect::<Result<Vec<_>, _>>()?.concat());
        }
        if self.name == "choices" {
            return Ok(vec![Query::Choices]);
        }
        named(self.name)
    }

    fn one(&self, name: &str, span: Span) -> Result<Vec<Query>, String> {
        let (what, grain) = name.split_once('.').unwrap_or((name, "day"));
        let grain = Grain::parse(grain).ok_or_else(|| format!("{grain} is no grain"))?;
        match what {
            "triangle" => Ok(vec![self.triangle(span, grain)]),
            "growth" => GROWTH.iter().map(|id| self.metric(id, span, grain)).collect(),
            "revenue" => Ok(vec![self.metric("net", span, grain)?]),
            "funnel" => Ok(vec![self.funnel()]),
            id => Ok(vec![self.metric(id, span, grain)?]),
        }
    }

    fn triangle(&self, span: Span, grain: Grain) -> Query {
        let intervals = match grain {
            Grain::Day => 30,
            Grain::Week => 52,
            Grain::Month => 12,
        };
        let event = EventFilter::named(self.event);
        Query::Retention(Box::new(RetentionQuery {
            start: event.clone(),
            ret: event,
            segment: self.segment.clone(),
            ..RetentionQuery::new(span, grain, intervals)
        }))
    }

    fn metric(&self, id: &str, span: Span, grain: Grain) -> Result<Query, String> {
        let metric = find_metric(id).ok_or_else(|| format!("{id} is no question"))?;
        Ok(Query::Metric(MetricQuery {
            metric: metric.id,
            span,
            grain: Some(grain),
            segment: self.segment.clone(),
            split: None,
            event: self.event.map(str::to_owned),
            window_days: None,
        }))
    }

    fn funnel(&self) -> Query {
        let funnel = FunnelQuery::new(&STEPS, Some(WEEK));
        Query::Funnel(Box::new(FunnelQuery { segment: self.segment.clone(), ..funnel }))
    }
}

/// An answer as rows of plain values, so that another engine's can be held against it.
pub fn rows(answer: &Answer) -> Value {
    match answer {
        Answer::Retention(retention) => triangle(&retention.whole),
        Answer::Metric(series) => points(series),
        Answer::Funnel(funnel) => funnel.whole.conversion.steps.iter().map(|step| json!([step.users])).collect(),
        _ => Value::Null,
    }
}

fn triangle(table: &RetentionTable) -> Value {
    let of = |cohort: &quarterdeck::query::Cohort| {
        let cells = cohort.cells.iter().map(|cell| match cell.state {
            State::NotReached => Value::Null,
            State::Complete | State::Running => json!(cell.users),
        });
        [json!(cohort.bucket.first.to_string()), json!(cohort.size)].into_iter().chain(cells).collect::<Value>()
    };
    table.cohorts.iter().map(of).collect()
}

fn points(series: &Series) -> Value {
    let total = series.lines.last().map_or(&[][..], |line| &line.points);
    total.iter().map(|point| json!([point.span.first.to_string(), whole(point.value)])).collect()
}

/// Counts and micros; ratios have no place in a comparison of exact values.
fn whole(number: Number) -> Value {
    match number {
        Number::Count(n) | Number::Money(n) => json!(n as i64),
        _ => Value::Null,
    }
}

//! The legal clock: working days left as a number and a strip of days, rest days hatched.

use domain::calendar::{self, Calendar, Deadline, Standing};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::{
    format,
    text::{Text, named},
};

const CELL: usize = 14;

/// "8 working days left", or how many too late.
pub fn days_left(t: Text, days: i32) -> String {
    match days {
        days if days < 0 => t.clock_overdue(days.unsigned_abs()),
        0 => t.clock_today().to_owned(),
        days => t.clock_left(days),
    }
}

/// The strip, with how the date was computed beside it in words and as a table.
pub fn clock(t: Text, calendar: &Calendar, received: Date, due: Date, today: Date) -> AnyView {
    let deadline = Deadline { received, due, standing: calendar.due(received).standing };
    let steps = deadline.steps(calendar);
    let lang = t.lang();
    let width = steps.len() * CELL;
    let label = t.clock_drawing(named::ClockDrawing { from: format::day(lang, received), to: format::day(lang, due) });
    let cells = steps.iter().enumerate().map(|(n, step)| {
        let class = match (step.day.is_working(), step.date < today) {
            (false, _) => "rest",
            (true, true) => "gone",
            (true, false) => "left",
        };
        let here = (step.date == today).then(|| {
            let x = n * CELL + CELL / 2 - 1;
            view! { <path class="today" d=format!("M{} 25l4 6h-8z", x)></path> }
        });
        view! {
            <rect class=class x=(n * CELL).to_string() y="2" width=(CELL - 2).to_string() height="20" rx="2"></rect>
            {here}
        }
    });
    let rows = steps.iter().map(|step| {
        let what = match step.day {
            calendar::Day::Working => t.clock_working(),
            calendar::Day::MakeUp => t.clock_make_up(),
            calendar::Day::Weekend => t.clock_weekend(),
            calendar::Day::Holiday => t.clock_holiday(),
        };
        let nth = step.nth.map(|n| n.to_string()).unwrap_or_default();
        view! { <tr><td>{format::weekday(lang, step.date)}</td><td>{what}</td><td class="number">{nth}</td></tr> }
    });
    let provisional = (deadline.standing == Standing::Provisional).then(|| view! { <p>{t.clock_provisional()}</p> });
    view! {
        <figure class="clock">
            <svg viewBox=format!("0 0 {width} 32") role="img" aria-label=label>
                <defs>
                    <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <rect class="hatch" width="1.5" height="4"></rect>
                    </pattern>
                </defs>
                {cells.collect_view()}
            </svg>
            <figcaption>
                <details>
                    <summary>{t.clock_how()}</summary>
                    <p>{t.clock_rule()}</p>
                    <p>{t.clock_outer(format::weekday(lang, deadline.outer_limit()))}</p>
                    {provisional}
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{t.clock_day()}</th>
                                <th scope="col">{t.clock_kind()}</th>
                                <th scope="col">{t.clock_nth()}</th>
                            </tr>
                        </thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </details>
            </figcaption>
        </figure>
    }
    .into_any()
}

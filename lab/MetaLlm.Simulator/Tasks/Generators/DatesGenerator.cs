using static System.FormattableString;

namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Level 1 counts weekdays within two weeks; level 5 shifts dates by hundreds of days or asks for far-off weekdays.</summary>
internal sealed class DatesGenerator : ITaskGenerator
{
    private static readonly string[] Weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] Between =
    [
        "How many days are there from {0} to {1}?", "Count the days between {0} and {1}, not counting the first.",
        "A parcel left on {0} and came on {1}. How many days did it take?",
    ];

    private static readonly string[] After =
    [
        "Which date is {1} days after {0}? Answer as YYYY-MM-DD.", "Add {1} days to {0} and give the date as YYYY-MM-DD.",
        "A permit issued on {0} ends exactly {1} days later. On which date, as YYYY-MM-DD?",
    ];

    private static readonly string[] Before =
    [
        "Which date is {1} days before {0}? Answer as YYYY-MM-DD.", "Go back {1} days from {0}. Which date is it, as YYYY-MM-DD?",
    ];

    public SimTaskType Type => SimTaskType.Dates;

    public TaskDraft Generate(SeededRandom random, int level)
    {
        var start = new DateOnly(2000, 1, 1).AddDays(random.Between(0, 10_900));
        return level switch
        {
            1 => NearWeekday(random),
            2 => DaysBetween(random, new DateOnly(start.Year, start.Month, random.Between(1, 9)), random.Between(3, 18)),
            3 => Shift(random, start, random.Between(9, 45)),
            4 => random.Chance(0.5) ? DaysBetween(random, start, random.Between(60, 300)) : Shift(random, start, -random.Between(40, 160)),
            _ => random.Chance(0.5) ? Shift(random, start, random.Between(400, 999)) : FarWeekday(random, start),
        };
    }

    private static TaskDraft NearWeekday(SeededRandom random)
    {
        int today = random.Between(0, 6), days = random.Between(2, 13);
        var name = random.Pick(WordPools.Names);
        string[] templates =
        [
            "Today is {0}. Which weekday is it in {1} days?", "If it is {0} now, what day of the week comes {1} days later?",
            "{2} called on {0} and promised to call again after {1} days. On which weekday will that be?",
        ];
        var prompt = random.Phrase(templates, Weekdays[today], Invariant($"{days}"), name);
        return TaskDraft.Choice(prompt, Weekdays[(today + days) % 7], Weekdays);
    }

    private static TaskDraft FarWeekday(SeededRandom random, DateOnly date)
    {
        string[] templates = ["What day of the week was or will be {0}?", "On which weekday does {0} fall?", "Name the weekday of {0}."];
        return TaskDraft.Choice(random.Phrase(templates, Written(random, date)), Weekdays[(int)date.DayOfWeek], Weekdays);
    }

    private static TaskDraft DaysBetween(SeededRandom random, DateOnly start, int days) =>
        TaskDraft.Number(random.Phrase(Between, Written(random, start), Written(random, start.AddDays(days))), days, random);

    private static TaskDraft Shift(SeededRandom random, DateOnly start, int days)
    {
        var prompt = random.Phrase(days > 0 ? After : Before, Written(random, start), Invariant($"{Math.Abs(days)}"));
        var end = start.AddDays(days);
        string[] wrong = [Iso(end.AddDays(1)), Iso(end.AddDays(-1)), Iso(end.AddDays(days > 0 ? 2 : -2)), Iso(end.AddMonths(1))];
        return new TaskDraft(prompt, Iso(end), AnswerKind.Date, wrong);
    }

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Written(SeededRandom random, DateOnly date) =>
        random.Chance(0.4) ? Iso(date) : date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}

using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>The weekday of a date, days between two dates, and weekdays some days on.</summary>
internal sealed partial class CalendarReader : IQuestionReader
{
    private static readonly string[] Weekdays = Enum.GetNames<DayOfWeek>();

    private static readonly string[] Formats =
        ["yyyy-MM-dd", "d MMMM yyyy", "MMMM d yyyy", "MMMM d, yyyy", "d MMM yyyy", "MMM d yyyy", "MMM d, yyyy"];

    public SimTaskType Type => SimTaskType.Dates;

    public IReadOnlyList<string> Examples { get; } =
        ["What day of the week was 20 July 1969?", "How many days are there between 2026-01-01 and 2026-03-01?", "If today is Monday, what day is it in 10 days?"];

    public TaskDraft? Read(string question, SeededRandom random)
    {
        var text = question.TrimEnd('?', '.', '!', ' ');
        if (Weekday().Match(text) is { Success: true } weekday && Date(weekday.Groups["date"].Value) is { } date)
        {
            return TaskDraft.Choice(question, $"{date.DayOfWeek}", Weekdays);
        }

        if (Between().Match(text) is { Success: true } between && Date(between.Groups["from"].Value) is { } from && Date(between.Groups["to"].Value) is { } to)
        {
            return TaskDraft.Number(question, Math.Abs(to.DayNumber - from.DayNumber), random);
        }

        if (Later().Match(text) is { Success: true } later
            && Enum.TryParse<DayOfWeek>(later.Groups["today"].Value, ignoreCase: true, out var today)
            && int.TryParse(later.Groups["days"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var days))
        {
            return TaskDraft.Choice(question, Weekdays[(int)(((long)today + days) % 7)], Weekdays);
        }

        return null;
    }

    private static DateOnly? Date(string text) =>
        DateOnly.TryParseExact(Ordinal().Replace(text.Trim(), "$1"), Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    [GeneratedRegex(@"^(?:what|which|on what|on which) (?:day of the week|weekday|day) (?:was|is|will|does|did|falls on)\s*(?:it on )?(?:the )?(?<date>[\w ,-]+?)(?: be| fall| fall on)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Weekday();

    [GeneratedRegex(@"^how many days (?:are (?:there )?|is it )?(?:between|from) (?<from>[\w ,-]+?) (?:and|to|until) (?<to>[\w ,-]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Between();

    [GeneratedRegex(@"^(?:if )?(?:today|it) is (?<today>[a-z]+)[,.;]? (?:what|which) (?:day|weekday|day of the week) (?:is it|will it be|is|comes) in (?<days>\d{1,6}) days$", RegexOptions.IgnoreCase)]
    private static partial Regex Later();

    [GeneratedRegex(@"(?<=\b\d{1,2})(?:st|nd|rd|th)\b()", RegexOptions.IgnoreCase)]
    private static partial Regex Ordinal();
}

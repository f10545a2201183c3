using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Money;

/// <summary>The time that a page looks back at.</summary>
/// <param name="Days">How many days, one of <see cref="Offered"/>.</param>
public readonly record struct SpanOfDays(int Days)
{
    /// <summary>The query's member that says it.</summary>
    public const string Parameter = "days";

    private const int Usual = 30;

    /// <summary>What can be picked.</summary>
    public static IReadOnlyList<int> Offered { get; } = [1, 7, 30, 90, 365];

    /// <summary>What the query says; 30 days where it says nothing that is offered.</summary>
    /// <param name="context">The request.</param>
    public static SpanOfDays Of(HttpContext context) =>
        new(int.TryParse(context.Request.Query[Parameter], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && Offered.Contains(days) ? days : Usual);

    /// <summary>When it begins.</summary>
    /// <param name="now">When it ends.</param>
    public DateTimeOffset From(DateTimeOffset now) => now.AddDays(-Days);
}

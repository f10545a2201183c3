using MetaLlm.Core.Bandits;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>A form over some members of a tenant's document. The document itself is checked and written as the API does.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Page">The page that shows it.</param>
/// <param name="Path">That page's path.</param>
/// <param name="Fields">Its fields.</param>
internal sealed record FormSpec(string Name, Type Page, string Path, IReadOnlyList<FieldSpec> Fields)
{
    public static readonly FormSpec Tenant = new("tenant", typeof(TenantPage), "manage/tenant",
    [
        new("limits.requestsPerMinute", "Requests a minute", Note: "Empty: no limit."),
        new("limits.tokensPerMinute", "Tokens a minute", Note: "Empty: no limit."),
        new("limits.parallelCalls", "Calls at once", Note: "Empty: no limit."),
        new("maxWeightPerUser", "Most that one user's feedback counts a day", Note: "Empty: users are not told apart."),
    ]);

    public static readonly FormSpec Budget = new("budget", typeof(BudgetPage), "manage/budget",
    [
        new("budget.usdPerRequest", "USD for each request, on average"),
        new("budget.usdPerHour", "USD an hour"),
        new("budget.usdPerDay", "USD a day"),
        new("budget.usdPerMonth", "USD a month"),
        new("budget.hardCapUsd", "Hard cap, USD"),
        new("budget.hardCapWindowHours", "Hours of the hard cap", Note: "Empty: 24."),
    ]);

    public static readonly FormSpec Policy = new("policy", typeof(PolicyPage), "manage/policy",
    [
        new("policy", "Policy", FieldKind.Choice, "Empty: metallm.") { Choices = [.. PolicyRegistry.All.Select(policy => policy.Name)] },
        new("policyOptions", "Options of the policy", FieldKind.Numbers, "One a line: name = number."),
        new("policyRestart", "Where the policy would forget", FieldKind.Choice, "Empty: refuse.") { Choices = ["refuse", "relearn", "forget"] },
        new("explorationFloor", "Least probability of each model", Note: "Empty: the policy's own exploration."),
        new("priceWeight", "Price of money: quality that one USD must buy", Note: "Empty: 0; a budget adds to it."),
        new("latencyWeight", "Price of time: quality that one second must buy", Note: "Empty: 0."),
        new("qualityFloor", "Mean reward to keep at the least cost", Note: "Empty: no floor."),
        new("seed", "Seed of every random draw", Note: "Empty: 1."),
    ]);

    public static readonly FormSpec Shadow = new("shadow", typeof(RolloutPage), "manage/rollout",
    [
        new("shadow.models", "Models", FieldKind.List, "Separated by commas. Empty: no shadow."),
        new("shadow.share", "Share of the calls that it sees", Note: "Empty: 0.1."),
        new("shadow.policy", "Policy", FieldKind.Choice, "Empty: random.") { Choices = [.. PolicyRegistry.All.Select(policy => policy.Name)] },
        new("shadow.usd", "Cap of its own, USD", Note: "Needed."),
        new("shadow.windowHours", "Hours of that cap", Note: "Empty: 24."),
    ]);

    public static readonly FormSpec Canary = new("canary", typeof(RolloutPage), "manage/rollout",
    [
        new("canary.model", "Model", FieldKind.Text, "Empty: no canary."),
        new("canary.share", "Share of the requests", Note: "Empty: 0.05."),
        new("canary.falseStops", "Probability of stopping one that is no worse", Note: "Empty: 0.05."),
        new("canary.tolerance", "How much worse it may be", Note: "Empty: 0."),
    ]);

    public static readonly FormSpec Challenger = new("challenger", typeof(RolloutPage), "manage/rollout",
    [
        new("challenger.policy", "Policy", FieldKind.Choice, "Empty: no challenger.") { Choices = [.. PolicyRegistry.All.Select(policy => policy.Name)] },
        new("challenger.policyOptions", "Options of the policy", FieldKind.Numbers, "One a line: name = number."),
        new("challenger.promote", "Who promotes it", FieldKind.Choice, "Empty: somebody, by hand.") { Choices = ["manual", "automatic"] },
        new("challenger.margin", "What its advantage must be above", Note: "Empty: 0."),
        new("challenger.leastDecisions", "Fewest decisions with feedback", Note: "Empty: 500."),
    ]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FormSpec> All { get; } = [Tenant, Budget, Policy, Shadow, Canary, Challenger];
}

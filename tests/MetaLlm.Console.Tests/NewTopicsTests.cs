namespace MetaLlm.WebConsole.Tests;

/// <summary>What the page and the report say when people begin to ask something else.</summary>
public sealed class NewTopicsTests
{
    private const string Notice = "ask something that earlier ones did not ask";

    [Fact]
    public async Task Questions_of_a_new_kind_are_noticed_with_examples_and_the_old_kinds_are_not()
    {
        await using var gateway = await ConsoleGateway.StartAsync();
        await AskAsync(gateway, 330, i => i % 2 == 0 ? $"What is {i} * 7 + {i % 13}?" : $"Please translate the word number {i % 17} of the list into French, and keep its article.");
        Assert.DoesNotContain(Notice, await ReportAsync(gateway), StringComparison.Ordinal);

        await AskAsync(gateway, 120, i => i % 3 > 0
            ? $"What is {i} * 7 + {i % 13}?"
            : $"def f{i}(xs): return sorted(xs, key=lambda x: -x)[:{i}]  # Why does this raise TypeError in line {i}? Here is the traceback: File \"main.py\", line {i}, in <module>");
        var report = await ReportAsync(gateway);
        Assert.Contains(Notice, report, StringComparison.Ordinal);
    }

    private static async Task AskAsync(ConsoleGateway gateway, int requests, Func<int, string> ask)
    {
        for (var i = 0; i < requests; i++)
        {
            using var answer = await gateway.SendAsync(
                HttpMethod.Post, "/v1/chat/completions", ConsoleGateway.AlphaKey, new { model = "auto", messages = new[] { new { role = "user", content = ask(i) } } });
            answer.EnsureSuccessStatusCode();
        }
    }

    private static async Task<string> ReportAsync(ConsoleGateway gateway)
    {
        using var answer = await gateway.SendAsync(HttpMethod.Get, "/admin/v1/tenants/alpha/report", ConsoleGateway.AdminKey);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }
}

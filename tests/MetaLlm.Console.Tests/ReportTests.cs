using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MetaLlm.Host;
using MetaLlm.TestKit;
using Microsoft.Playwright;

namespace MetaLlm.WebConsole.Tests;

/// <summary>Reports: one file that needs neither a server nor the internet, and tables.</summary>
[Collection(ConsoleFixture.Collection)]
public sealed class ReportTests(ConsoleFixture console)
{
    private const string Variable = "METALLM_REPORT_TEST_KEY";

    [BrowserFact]
    public async Task The_verb_writes_a_report_that_a_browser_shows_without_a_server_and_its_tables()
    {
        using var directory = new TemporaryDirectory();
        var (file, tables) = (Path.Combine(directory.Path, "report.html"), Path.Combine(directory.Path, "tables"));
        Environment.SetEnvironmentVariable(Variable, ConsoleGateway.AdminKey);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await HostCommand.Create()
            .Parse(["report", "--url", console.Gateway.Address.ToString(), "--key-env", Variable, "--tenant", "alpha", "--out", file, "--csv", tables])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = errors });
        Assert.True(code == 0, errors.ToString());

        var html = await File.ReadAllTextAsync(file);
        Assert.DoesNotContain("src=\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"", html, StringComparison.Ordinal);
        Assert.Equal(["days.csv", "keys.csv", "models.csv", "tasks.csv"], Directory.GetFiles(tables).Select(path => Path.GetFileName(path)).Order());
        var models = await File.ReadAllLinesAsync(Path.Combine(tables, "models.csv"));
        Assert.StartsWith("model,requests,", models[0], StringComparison.Ordinal);
        Assert.Equal(ConsoleFixture.Requests, models.Skip(1).Sum(line => int.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture)));

        var tab = await console.OpenAsync(1280, ColorScheme.Light);
        var address = new Uri(file).AbsoluteUri;
        await tab.Page.GotoAsync(address);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("MetaLlm: report of alpha");
        await Assertions.Expect(tab.Page.Locator("[data-chart] canvas").First).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("#xss")).ToHaveCountAsync(0);
        await tab.TakePictureAsync("report-1280-light");

        // Nothing but the file itself was asked for.
        Assert.Equal([$"{address} is elsewhere."], tab.TakeFaults());
        await tab.Page.CloseAsync();
    }

    [Fact]
    public async Task A_report_is_written_in_the_language_that_is_asked_for() =>
        Assert.Contains("<html lang=\"de\">", await (await GetAsync("alpha/report?language=de")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

    [Theory]
    [InlineData("alpha/report?language=fr", "language")]
    [InlineData("alpha/report?table=tenants", "table")]
    [InlineData("alpha/report?from=2026-02-01&to=2026-01-01", "from")]
    public async Task What_cannot_be_reported_is_named(string path, string field)
    {
        using var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("param").GetString());
    }

    private Task<HttpResponseMessage> GetAsync(string path) => console.Gateway.SendAsync(HttpMethod.Get, "/admin/v1/tenants/" + path, ConsoleGateway.AdminKey);
}

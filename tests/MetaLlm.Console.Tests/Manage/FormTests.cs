using System.Net;
using MetaLlm.WebConsole.Routing;

namespace MetaLlm.WebConsole.Tests.Manage;

/// <summary>What forms may send: how long, of which characters, and where they lead.</summary>
[Collection(ConsoleFixture.Collection)]
public sealed class FormTests(ConsoleFixture console)
{
    private readonly ManagedGateway _gateway = new(console.Gateway);

    [Fact]
    public async Task Every_page_is_whole_whose_tenant_the_directory_brings_late()
    {
        using var visitor = await VisitAsync();
        var pages = ConsolePageList.All.Where(page => !page.Path.Contains(ConsolePageList.Decision, StringComparison.Ordinal)).Select(page => page.Path.Split('?')[0]).Distinct().ToList();
        Assert.Contains("/manage/policy", pages);
        foreach (var path in pages)
        {
            var (status, html) = await visitor.TryReadAsync($"/console{path}?tenant=acme");
            Assert.True(status == HttpStatusCode.OK, $"{path}: {status} {html}");
        }
    }

    [Theory]
    [InlineData("""{"id":"typed","comment":"\ud800"}""", HttpStatusCode.BadRequest, "half of a UTF-16 pair")]
    [InlineData("""{"id":"typed","\udfff":1}""", HttpStatusCode.BadRequest, "half of a UTF-16 pair")]
    [InlineData("""{"id":"typed","id":"typed"}""", HttpStatusCode.BadRequest, "'document' is no well-formed JSON")]
    [InlineData("[]", HttpStatusCode.BadRequest, "it must be an object")]
    [InlineData("", HttpStatusCode.BadRequest, "'document'")]
    public async Task A_document_that_is_none_is_told_on_its_page_and_kept(string document, HttpStatusCode expected, string said)
    {
        await MakeOnceAsync("typed");
        using var visitor = await VisitAsync();
        var (status, html) = await visitor.SendAsync("/console/manage/json?tenant=typed", ("document", document));
        Assert.Equal(expected, status);
        Assert.Contains(said, ConsoleVisitor.Find(html, "<div class=\"problems\"(.*?)</div>"), StringComparison.Ordinal);
        Assert.Equal("\n" + document, ConsoleVisitor.Find(html, "<textarea id=\"document\"[^>]*>(.*?)</textarea>"));
    }

    [Fact]
    public async Task A_document_that_is_longer_than_the_API_takes_is_refused_with_the_limit()
    {
        await MakeOnceAsync("long");
        using var visitor = await VisitAsync();
        var (status, html) = await visitor.SendAsync("/console/manage/json?tenant=long", ("document", "{\"id\":\"long\"}" + new string(' ', 1024 * 1024)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("&#x27;document&#x27; has 1048589 bytes; at most 1048576 are legal.", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_is_too_long_says_so_and_not_that_it_is_old()
    {
        await MakeOnceAsync("long");
        using var visitor = await VisitAsync();
        var (status, html) = await visitor.SendAsync("/console/manage/json?tenant=long", ("document", new string('x', FormReader.MostBytes)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("The form is too long; at most 16777216 bytes are legal.", html, StringComparison.Ordinal);

        // One value alone may be no longer than the framework takes.
        (status, html) = await visitor.SendAsync("/console/manage/json?tenant=long", ("document", new string('x', 5 * 1024 * 1024)));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("limit", ConsoleVisitor.Find(html, "The form cannot be read: ([^<]+)<"), StringComparison.Ordinal);

        using var stranger = new HttpClient { BaseAddress = _gateway.Address };
        using var long1 = new FormUrlEncodedContent([new("key", new string('x', FormReader.MostOpenBytes))]);
        using var refused = await stranger.PostAsync("/console/sign-in", long1);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
    }

    [Fact]
    public async Task A_file_may_be_as_long_as_the_configuration_says_and_one_that_is_longer_is_told_the_limit()
    {
        await MakeOnceAsync("filed");
        using var visitor = await VisitAsync();
        const string Rows = "query,sim-nano\na question,0.5\n";
        var (status, html) = await visitor.UploadAsync("/console/manage/teach/upload?tenant=filed", "large.csv", Rows + "\"" + new string('q', 31_000_000) + "\",1\n");
        Assert.True(status == HttpStatusCode.OK, html);
        Assert.Contains("What was understood of large.csv", html, StringComparison.Ordinal);

        (status, html) = await visitor.UploadAsync("/console/manage/teach/upload?tenant=filed", "larger.csv", new string('q', ConsoleGateway.WarmStartBytes + 1));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("&#x27;file&#x27; has 32000001 bytes; 1 to 32000000 are legal.", html, StringComparison.Ordinal);

        (status, html) = await visitor.UploadAsync("/console/manage/teach/upload?tenant=filed", "largest.csv", new string('q', ConsoleGateway.WarmStartBytes + 100_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("&#x27;file&#x27; is too long; at most 32000000 bytes are legal.", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/console/playground/preview?tenant=acme", "/console/playground?tenant=acme")]
    [InlineData("/console/manage/save?form=budget&tenant=acme&budget.usdPerDay=x", "/console/manage/budget?tenant=acme")]
    [InlineData("/console/manage/keys/create?tenant=acme", "/console/manage/keys?tenant=acme")]
    [InlineData("/console/manage/json?tenant=acme", "/console/manage/tenant?tenant=acme")]
    public async Task Whoever_changes_the_language_after_sending_a_form_gets_to_the_page_that_was_shown(string sent, string shown)
    {
        using var visitor = await VisitAsync();
        var (_, html) = await visitor.SendAsync(sent, ("prompt", "Hello?"), ("dial", "1"), ("budget.usdPerDay", "x"), ("days", "x"));
        Assert.Equal(shown, ConsoleVisitor.Find(html, "name=\"return\" value=\"([^\"]+)\""));
        var (status, after) = await visitor.SendAsync("/console/preferences?tenant=acme", ("return", shown), ("language", "de"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("<html lang=\"de\"", after, StringComparison.Ordinal);
    }

    private async Task MakeOnceAsync(string tenant)
    {
        using var known = await console.Gateway.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{tenant}", ManagedGateway.AdminKey);
        if (known.StatusCode == HttpStatusCode.NotFound)
        {
            await _gateway.MakeTenantAsync(tenant);
        }
    }

    private Task<ConsoleVisitor> VisitAsync() => ConsoleVisitor.SignInAsync(_gateway.Address, ManagedGateway.AdminKey);
}

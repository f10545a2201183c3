using System.Net;
using System.Text.RegularExpressions;
using MetaLlm.Host;
using MetaLlm.TestKit;
using MetaLlm.WebConsole.Routing;
using MetaLlm.WebConsole.Tests.Manage;

namespace MetaLlm.WebConsole.Tests;

/// <summary>Who gets in, and what an answer allows a browser.</summary>
[Collection(ConsoleFixture.Collection)]
public sealed partial class AccessTests(ConsoleFixture console)
{
    private ConsoleGateway Gateway => console.Gateway;

    public static TheoryData<string, string> Routes
    {
        get
        {
            var routes = new TheoryData<string, string>();
            foreach (var route in ConsoleRoutes.All)
            {
                routes.Add(route.Place.Method, "/console/" + route.Place.Path.Replace("{id}", "x", StringComparison.Ordinal));
            }

            return routes;
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Nothing_is_shown_without_a_session(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.TrimEnd('/'));
        using var answer = await Gateway.Client.SendAsync(request);
        if (method == "GET")
        {
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.StartsWith("/console/sign-in?return=", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_sign_in_leads_back_to_the_page_that_was_asked_for_and_never_elsewhere()
    {
        using var client = Gateway.NewClient();
        using var inside = await SignInAsync(client, ConsoleGateway.AdminKey, "/console/cluster?tenant=alpha");
        Assert.Equal("/console/cluster?tenant=alpha", inside.Headers.Location!.ToString());
        foreach (var elsewhere in new[] { "https://example.com/", "//example.com/console", "/console\\@example.com", "/consolex", "/console/../v1/models\n" })
        {
            using var answer = await SignInAsync(client, ConsoleGateway.AdminKey, elsewhere);
            Assert.Equal("/console", answer.Headers.Location!.ToString().Split('?')[0]);
        }
    }

    [Fact]
    public async Task The_cookie_holds_no_key_and_no_script_reads_it()
    {
        using var client = Gateway.NewClient();
        using var answer = await SignInAsync(client, ConsoleGateway.AdminKey, forwarded: "https");
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), text => text.StartsWith("metallm-console=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/console", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(ConsoleGateway.AdminKey, cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_a_tenant_and_an_invented_one_open_nothing()
    {
        using var client = Gateway.NewClient();
        foreach (var key in new[] { ConsoleGateway.AlphaKey, "mlk_0123456789abcdef_" + new string('x', 43), "" })
        {
            using var answer = await SignInAsync(client, key);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.DoesNotContain("Set-Cookie: metallm-console=", answer.Headers.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(client, "/console"));
    }

    [Fact]
    public async Task A_role_sees_what_it_may_and_no_more()
    {
        using var client = Gateway.NewClient();
        var (key, _) = await Gateway.MakeKeyAsync("read");
        using var signedIn = await SignInAsync(client, key);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, $"/console/decisions/{console.Decision}?tenant=alpha"));
        var refused = await client.GetAsync($"/console/decisions/{console.Decision}/request?tenant=alpha");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.DoesNotContain("onerror", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, "/console/decisions?tenant=nobody"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, $"/console/decisions/{console.Decision}?tenant=beta"));
    }

    [Fact]
    public async Task A_session_ends_when_its_key_is_deleted()
    {
        using var client = Gateway.NewClient();
        var (key, id) = await Gateway.MakeKeyAsync("operate");
        using var signedIn = await SignInAsync(client, key);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/console/cluster"));
        using var deleted = await Gateway.SendAsync(HttpMethod.Delete, $"/admin/v1/keys/{id}", ConsoleGateway.AdminKey);
        await Eventually.TrueAsync("the session has ended", async () => await StatusAsync(client, "/console/cluster") == HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_session_ends_when_its_key_expires()
    {
        using var client = Gateway.NewClient();
        var (key, _) = await Gateway.MakeKeyAsync("read", seconds: 2);
        using var signedIn = await SignInAsync(client, key);
        await Eventually.TrueAsync("the session has ended", async () => await StatusAsync(client, "/console/cluster") == HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Signing_out_needs_the_token_of_a_form_and_ends_the_session()
    {
        using var client = Gateway.NewClient();
        using var signedIn = await SignInAsync(client, ConsoleGateway.AdminKey);
        using var forged = await client.PostAsync("/console/sign-out", new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);

        using var other = Gateway.NewClient();
        var stolen = await TokenAsync(other, "/console/sign-in");
        using var crossed = await client.PostAsync("/console/sign-out", new FormUrlEncodedContent([new("__RequestVerificationToken", stolen)]));
        Assert.Equal(HttpStatusCode.BadRequest, crossed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/console/cluster"));

        using var out1 = await client.PostAsync("/console/sign-out", new FormUrlEncodedContent([new("__RequestVerificationToken", await TokenAsync(client, "/console/cluster"))]));
        Assert.Equal(HttpStatusCode.Redirect, out1.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(client, "/console/cluster"));
    }

    [Fact]
    public async Task Every_page_forbids_what_it_does_not_need_and_has_no_script_or_style_in_it()
    {
        using var client = Gateway.NewClient();
        using var signedIn = await SignInAsync(client, ConsoleGateway.AdminKey);
        foreach (var path in ConsolePageList.All.Select(page => "/console" + page.Path.Replace(ConsolePageList.Decision, console.Decision, StringComparison.Ordinal)).Append("/console/sign-in").Append("/console/nothing"))
        {
            using var answer = await client.GetAsync(path);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
            Assert.True(answer.Headers.CacheControl!.NoStore);
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            var html = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotMatch(Inline(), html);
        }
    }

    [Fact]
    public async Task A_file_is_kept_by_browsers_under_the_address_that_pages_give_it()
    {
        var html = await Gateway.Client.GetStringAsync("/console/sign-in");
        var address = ConsoleVisitor.Find(html, "href=\"(/console/assets/console.css[^\"]*)\"");
        using var answer = await Gateway.Client.GetAsync(address);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal("text/css", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(Gateway.Client, "/console/assets/..%2fMetaLlm.Console.dll"));
    }

    [Fact]
    public async Task Without_the_console_nothing_of_it_is_reachable()
    {
        await using var plain = await ConsoleGateway.StartAsync(hasConsole: false);
        foreach (var path in new[] { "/console", "/console/sign-in", "/console/assets/console.css", "/console/cluster" })
        {
            using var answer = await plain.Client.GetAsync(path);
            Assert.Equal((HttpStatusCode.NotFound, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        }
    }

    [Fact]
    public async Task A_printed_code_signs_in_once_where_no_admin_key_is_configured()
    {
        await using var local = await ConsoleGateway.StartAsync(hasAdminKey: false);
        using var output = new StringWriter();
        HostConsole.Tell(local.Host, output);
        var address = ConsoleVisitor.Find(output.ToString(), @"(http://\S+/console/sign-in\?code=\S+)");

        using var client = local.NewClient();
        using var first = await client.GetAsync(address);
        Assert.Equal("/console", first.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/console"));

        using var other = local.NewClient();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(other, address));
        await Eventually.TrueAsync("whoever goes on guessing is refused", async () => await StatusAsync(other, address) == HttpStatusCode.TooManyRequests);
        Assert.Equal(2, Regex.Count(output.ToString(), "code="));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(other, "/console"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient client, string key, string? back = null, string? forwarded = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/console/sign-in")
        {
            Content = new FormUrlEncodedContent([new("__RequestVerificationToken", await TokenAsync(client, "/console/sign-in")), new("key", key), new("return", back ?? "")]),
        };
        if (forwarded is not null)
        {
            request.Headers.Add("X-Forwarded-Proto", forwarded);
        }

        return await client.SendAsync(request);
    }

    private static async Task<string> TokenAsync(HttpClient client, string path) =>
        ConsoleVisitor.Find(await client.GetStringAsync(path), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"");

    [GeneratedRegex(@"<script(?![^>]*\ssrc=)|<style|<[a-z][^<>""]*(""[^""]*""[^<>""]*)*\s(style|on[a-z]+)=", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();
}

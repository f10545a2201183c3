using System.Net;
using System.Text.RegularExpressions;

namespace MetaLlm.WebConsole.Tests.Manage;

/// <summary>Somebody with a session who sends forms, without a browser.</summary>
public sealed partial class ConsoleVisitor : IDisposable
{
    private readonly HttpClient _http;
    private string _token = "";

    private ConsoleVisitor(Uri address) => _http = new HttpClient(new HttpClientHandler { UseCookies = true, AllowAutoRedirect = true }) { BaseAddress = address };

    public static async Task<ConsoleVisitor> SignInAsync(Uri address, string key)
    {
        var visitor = new ConsoleVisitor(address);
        await visitor.ReadAsync("/console/sign-in");
        await visitor.SendAsync("/console/sign-in", ("key", key));
        await visitor.ReadAsync("/console/manage");
        return visitor;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Opens a page; its text with what is escaped in it as people read it is not what comes back, but its HTML.</summary>
    public async Task<string> ReadAsync(string path)
    {
        var (status, html) = await TryReadAsync(path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {status} {html}");
        return html;
    }

    public async Task<(HttpStatusCode Status, string Html)> TryReadAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return (answer.StatusCode, Keep(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>Sends a form with a token of the last page, and follows where it leads.</summary>
    public async Task<(HttpStatusCode Status, string Html)> SendAsync(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent([new("__RequestVerificationToken", _token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        using var answer = await _http.PostAsync(path, content);
        return (answer.StatusCode, Keep(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>Sends a file.</summary>
    public async Task<(HttpStatusCode Status, string Html)> UploadAsync(string path, string name, string text)
    {
        using var content = new MultipartFormDataContent { { new StringContent(_token), "__RequestVerificationToken" }, { new StringContent(text), "file", name } };
        using var answer = await _http.PostAsync(path, content);
        return (answer.StatusCode, Keep(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>What a pattern's first group finds in a page.</summary>
    public static string Find(string html, string pattern)
    {
        var match = Regex.Match(html, pattern, RegexOptions.Singleline);
        Assert.True(match.Success, $"{pattern} is not in {html}");
        return WebUtility.HtmlDecode(match.Groups[1].Value);
    }

    private string Keep(string html)
    {
        if (Token().Match(html) is { Success: true } token)
        {
            _token = token.Groups[1].Value;
        }

        return html;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}

using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Host.Admin;

/// <summary>Speaks with <c>/admin/v1</c> of a running gateway.</summary>
internal sealed class AdminClient : IDisposable
{
    private const int Page = 1000;

    /// <summary>Members of an answer that are no members of a tenant's document.</summary>
    private static readonly string[] NotStored = ["object", "source", "revision", "created_at", "updated_at"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;

    /// <param name="url">Address of the gateway.</param>
    /// <param name="variable">Environment variable that holds the admin key.</param>
    /// <exception cref="SettingsException">They cannot be used.</exception>
    public AdminClient(string url, string variable)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new SettingsException([new SettingsError("--url", $"is '{url}'; it must be an http or https address.")]);
        }

        if (Environment.GetEnvironmentVariable(variable)?.Trim() is not { Length: > 0 } key)
        {
            throw new SettingsException([new SettingsError("--key-env", $"names the environment variable '{variable}', which is not set; it must hold an admin key.")]);
        }

        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(address, "/admin/v1/"), Timeout = Patience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path below <c>/admin/v1/</c>, with the query.</param>
    /// <param name="body">Its JSON; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer's text.</returns>
    /// <exception cref="AdminException">The gateway refuses, or does not answer.</exception>
    public async Task<string> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode ? text : throw new AdminException($"{(int)response.StatusCode} {Message(text)}") { Status = (int)response.StatusCode };
        }
        catch (HttpRequestException e)
        {
            throw new AdminException($"no answer: {e.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AdminException($"no answer within {Patience.TotalMinutes} minutes");
        }
    }

    /// <summary>Saves an answer as it comes.</summary>
    /// <param name="path">Its path below <c>/admin/v1/</c>, with the query.</param>
    /// <param name="file">The file; one that is there is replaced when the answer is whole.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="AdminException">The gateway refuses, breaks off or does not answer, or the file cannot be written.</exception>
    public async Task<long> SaveAsync(string path, string file, CancellationToken cancellationToken)
    {
        var part = file + ".part";
        try
        {
            using var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new AdminException($"{(int)response.StatusCode} {Message(await response.Content.ReadAsStringAsync(cancellationToken))}") { Status = (int)response.StatusCode };
            }

            long bytes;
            await using (var output = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await response.Content.CopyToAsync(output, cancellationToken);
                bytes = output.Length;
            }

            File.Move(part, file, overwrite: true);
            return bytes;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw new AdminException($"{file} was not written: {e.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AdminException($"no answer within {Patience.TotalMinutes} minutes");
        }
    }

    /// <summary>Documents of all tenants of the directory; those of the gateway's own file are none of ours.</summary>
    public async Task<SortedDictionary<string, JsonObject>> ListTenantsAsync(CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        for (string? after = ""; after is not null;)
        {
            var page = JsonNode.Parse(await SendAsync(
                HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"tenants?limit={Page}&after={Part(after)}"), null, cancellationToken))!;
            foreach (var tenant in page["data"]!.AsArray().OfType<JsonObject>().Where(tenant => (string?)tenant["source"] == "directory"))
            {
                var document = (JsonObject)tenant.DeepClone();
                foreach (var member in NotStored)
                {
                    document.Remove(member);
                }

                found[TenantFile.Id(document)] = document;
            }

            after = (string?)page["next"];
        }

        return found;
    }

    /// <summary>A part of a path.</summary>
    public static string Part(string text) => Uri.EscapeDataString(text);

    /// <summary>A query of those of its parts that have a value.</summary>
    public static string Query(params ReadOnlySpan<(string Name, string? Value)> parts)
    {
        var query = "";
        foreach (var (name, value) in parts)
        {
            query += value is null ? "" : $"{(query.Length == 0 ? '?' : '&')}{name}={Part(value)}";
        }

        return query;
    }

    private static string Message(string text)
    {
        try
        {
            return (string?)JsonNode.Parse(text)?["error"]?["message"] ?? text;
        }
        catch (System.Text.Json.JsonException)
        {
            return text;
        }
    }
}

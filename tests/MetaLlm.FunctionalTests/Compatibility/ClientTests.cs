using System.Globalization;
using System.Text;
using MetaLlm.FunctionalTests.Clients;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>What official clients get of which kind of upstream, as it is found and written down in docs/compatibility.md.</summary>
[Collection(SharedKinds.Name)]
public sealed class ClientTests(EveryKind kinds)
{
    private Uri Address => kinds.Gateway.Address;

    [Fact]
    public async Task The_page_says_what_clients_of_dotnet_get()
    {
        using var anthropic = new AnthropicDotNetClient(Address);
        DotNetClient[] clients = [new OpenAiChatClient(Address), new OpenAiResponsesClient(Address), new OpenAiEmbeddingsClient(Address), new ExtensionsAiClient(Address), anthropic];
        var rows = await Task.WhenAll(clients.SelectMany(client => client.Features.Select(async feature =>
            (client.Name, feature.Name, await Task.WhenAll(UpstreamKind.All.Select(kind => Cell.PatientlyAsync(() => CellAsync(client, feature.TryAsync, kind.Name))))))));
        GeneratedPage.Check("Clients of .NET", Table(rows, "dotnet"));
    }

    [NodeFact]
    public async Task The_page_says_what_clients_of_javascript_get()
    {
        var directory = await NodePackages.DirectoryAsync();
        var seen = await NodePackages.RunAsync("every-client.mjs", directory, [Address.ToString(), TestConfiguration.AlphaKey, .. UpstreamKind.All.Select(kind => kind.Name)]);
        var rows = seen.EnumerateArray().SelectMany(client => client.GetProperty("features").EnumerateArray().Select(feature =>
            (client.GetProperty("name").GetString()!, feature.GetProperty("feature").GetString()!, feature.GetProperty("kinds").EnumerateArray().Select(Read).ToArray())));
        GeneratedPage.Check("Clients of JavaScript", Table(rows, "js"));
    }

    private static async Task<Cell> CellAsync(DotNetClient client, Func<string, Task> tryAsync, string kind)
    {
        try
        {
            await tryAsync(kind);
            return Cell.Yes;
        }
        catch (Unmet unmet)
        {
            return Cell.Of(unmet);
        }
        catch (Exception error) when (client.Refusal(error) is { } refused)
        {
            return Cell.Of(refused);
        }
    }

    private static Cell Read(JsonElement result) => !result.TryGetProperty("reason", out var reason) ? Cell.Yes
        : !result.TryGetProperty("status", out var status) ? new Cell("no", reason.GetString())
        : Cell.Of((HttpStatusCode)status.GetInt32(), Member(result, "code"), Member(result, "param"), reason.GetString());

    private static string? Member(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Table(IEnumerable<(string Client, string Feature, Cell[] Cells)> rows, string notesOf)
    {
        var notes = new Notes(notesOf);
        var table = new StringBuilder($"\n| client | | {string.Join(" | ", UpstreamKind.All.Select(kind => $"`{kind.Name}`"))} |\n|---|---|{string.Concat(UpstreamKind.All.Select(_ => "---|"))}\n");
        foreach (var (client, feature, cells) in rows)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {client} | {feature} | {string.Join(" | ", cells.Select(notes.Write))} |\n");
        }

        return table.Append(notes).ToString();
    }
}

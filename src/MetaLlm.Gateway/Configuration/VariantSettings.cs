using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Routing;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// A way of calling a model, which policies choose as they choose models: the same upstream, deployments and prices, with settings and statistics of its own. Its name towards clients is
/// that of the model, a colon and its own: <c>gpt-5:high</c>.
/// </summary>
public sealed partial class VariantSettings
{
    private const int MostParameters = 64;
    private const int LongestPrompt = 100_000;

    // JSON around a message that is added.
    private const double Frame = 64;

    /// <summary>What a request is about, what bounds its cost, and what has a member of its own here.</summary>
    private static readonly string[] Fixed =
        ["model", "messages", "prompt", "stream", "stream_options", "metallm", "n", "best_of", "max_tokens", "max_completion_tokens", "tools", "tool_choice", "functions", "response_format", "reasoning_effort", "temperature"];

    /// <summary>Its part of the name, unique within the model.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength), RegularExpression(ArmSettings.IdPattern, ErrorMessage = ArmSettings.IdRule)]
    public required string Id { get; init; } = "";

    /// <summary>The part that it had before: what was learned and counted under that one goes on under the new one. It may stay in the file.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public string? RenamedFrom { get; init; }

    /// <summary>Whether new requests may be routed to it. It does not follow from that of the model, which may serve by its variants alone.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How much the model is to think (<c>reasoning_effort</c>), such as <c>low</c> or <c>high</c>, in the model's words.</summary>
    [StringLength(64)]
    public string? Effort { get; init; }

    /// <summary>How freely it draws its words (<c>temperature</c>).</summary>
    [Range(0.0, 2.0)]
    public double? Temperature { get; init; }

    /// <summary>Other members of the request, by their names in chat completions. An object or a list is written as a text.</summary>
    [StringLength(4096)]
    public IReadOnlyDictionary<string, JsonText> Parameters { get; init; } = new Dictionary<string, JsonText>();

    /// <summary>Instructions that stand before those of the client: at the beginning of the first system message, or in one of their own.</summary>
    [StringLength(LongestPrompt)]
    public string? SystemPrompt { get; init; }

    /// <summary>Name of the retriever that is asked before each call, one of <c>retrievers</c>. Its text stands at the beginning of the last user message, before an empty line.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public string? Retriever { get; init; }

    /// <summary>Completion tokens to expect before anything was observed; without it, as the model.</summary>
    [Range(1.0, 1e6)]
    public double? PriorOutputTokens { get; init; }

    /// <summary>Seconds to the full answer to expect before anything was observed; without it, as the model.</summary>
    [Range(0.0, 86_400.0)]
    public double? PriorLatencySeconds { get; init; }

    /// <summary>What is expected of its answers before it was called; without it, as of the model.</summary>
    public CardSettings Card { get; init; } = new();

    /// <summary>Every member of requests that it sets, by the names of chat completions, with its value in JSON.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Members =>
    [
        .. Effort is { } effort ? [KeyValuePair.Create("reasoning_effort", JsonSerializer.Serialize(effort))] : Array.Empty<KeyValuePair<string, string>>(),
        .. Temperature is { } temperature ? [KeyValuePair.Create("temperature", JsonSerializer.Serialize(temperature))] : Array.Empty<KeyValuePair<string, string>>(),
        .. Parameters.Select(parameter => KeyValuePair.Create(parameter.Key, parameter.Value.Json)),
    ];

    /// <summary>The instructions, UTF-8.</summary>
    internal byte[] Instructions => Encoding.UTF8.GetBytes(SystemPrompt ?? "");

    /// <param name="retrievers">The retrievers, by name.</param>
    /// <param name="errors">The place of the variant.</param>
    internal void Check(IReadOnlyDictionary<string, RetrieverSettings> retrievers, SettingsErrors errors)
    {
        if (Parameters.Count > MostParameters)
        {
            errors.Add("parameters", $"has {Parameters.Count} members; {MostParameters} are the most.");
        }

        foreach (var name in Parameters.Keys.Where(name => !MemberName().IsMatch(name)))
        {
            errors.At("parameters").Add(name, "is no member of a request: letters, digits and underscores, 64 at most, are legal.");
        }

        foreach (var name in Parameters.Keys.Where(Fixed.Contains))
        {
            errors.At("parameters").Add(name, $"may not be set; any member of a request may be but {string.Join(", ", Fixed)}.");
        }

        if (Retriever is not null && !retrievers.ContainsKey(Retriever))
        {
            errors.Add("retriever", $"is '{Retriever}'; retrievers are {(retrievers.Count == 0 ? "none" : string.Join(", ", retrievers.Keys))}.");
        }

        if (Members.Count == 0 && string.IsNullOrWhiteSpace(SystemPrompt) && Retriever is null)
        {
            errors.Add(null, "sets nothing; a variant needs effort, temperature, parameters, systemPrompt or retriever.");
        }
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
    private static partial Regex MemberName();

    /// <summary>What it adds to every call; null for nothing.</summary>
    internal CallOverhead? Overhead(IReadOnlyDictionary<string, RetrieverSettings> retrievers)
    {
        var retriever = Retriever is null ? null : retrievers.GetValueOrDefault(Retriever);
        if (string.IsNullOrEmpty(SystemPrompt) && retriever is null)
        {
            return null;
        }

        var tokens = string.IsNullOrEmpty(SystemPrompt) ? 0 : TokenEstimate.PerMessage + TokenEstimate.FromText(SystemPrompt);
        return new CallOverhead
        {
            InputTokens = tokens + (retriever?.Tokens ?? 0),
            MostInputTokens = Instructions.Length + Frame + (retriever?.MaxBytes ?? 0),
            Usd = retriever?.UsdPerCall ?? 0,
        };
    }
}

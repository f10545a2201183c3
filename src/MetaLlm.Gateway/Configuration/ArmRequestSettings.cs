using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>How requests to a model differ from those of clients, and what its tokens cost beyond the three list prices.</summary>
public sealed class ArmRequestSettings
{
    private const double MaxUsdPerMillion = 1_000_000;
    private const int MostParameters = 64;
    private const string Name = "[A-Za-z_][A-Za-z0-9_]{0,63}";
    private const string NameRule = "it must be a member of a request: letters, digits and underscores, 64 at most";

    /// <summary>What the gateway sets itself, what a request is about, and what bounds its cost.</summary>
    private static readonly string[] Fixed = ["model", "messages", "stream", "metallm", "n"];
    private static readonly string[] Limits = ["max_tokens", "max_completion_tokens"];

    /// <summary>List price of a million prompt tokens that the upstream writes to its cache, USD; without it, 1.25 times that of prompt tokens.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? CacheWriteUsdPerMillion { get; set; }

    /// <summary>List price of a million prompt tokens of sound, USD; without it, that of prompt tokens.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? AudioInputUsdPerMillion { get; set; }

    /// <summary>List price of a million completion tokens of sound, USD; without it, that of completion tokens.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? AudioOutputUsdPerMillion { get; set; }

    /// <summary>Members of a request that the model is not sent, such as <c>temperature</c>. Neither messages nor limits of the answer.</summary>
    [RegularExpression(Name, ErrorMessage = NameRule)]
    public IReadOnlyList<string> DropParameters { get; set; } = [];

    /// <summary>Members of a request that the model knows under another name: from the client's name to the model's.</summary>
    [RegularExpression(Name, ErrorMessage = NameRule)]
    public IReadOnlyDictionary<string, string> RenameParameters { get; set; } = new Dictionary<string, string>();

    /// <summary>
    /// Members that a request gets where it lacks them, by the model's names. An object or a list is written as a text: <c>"{\"type\":\"json_object\"}"</c>.
    /// </summary>
    [StringLength(4096)]
    public IReadOnlyDictionary<string, JsonText> Defaults { get; set; } = new Dictionary<string, JsonText>();

    /// <summary>What each kind of token costs.</summary>
    /// <param name="list">The list's prices.</param>
    internal UsagePrices Prices(TokenPrices list) => UsagePrices.Of(list, CacheWriteUsdPerMillion / 1e6, AudioInputUsdPerMillion / 1e6, AudioOutputUsdPerMillion / 1e6);

    /// <param name="arm">The model.</param>
    /// <param name="prices">What its tokens cost.</param>
    internal CallOptions ToOptions(Arm arm, UsagePrices prices)
    {
        return new CallOptions
        {
            DropParameters = DropParameters,
            RenameParameters = [.. RenameParameters],
            Defaults = [.. Defaults.Select(d => KeyValuePair.Create(d.Key, d.Value.Json))],
            Prices = prices,
            ContextTokens = arm.ContextTokens,
            MaxOutputTokens = arm.MaxOutputTokens,
        };
    }

    internal void Check(SettingsErrors errors)
    {
        CheckCount("dropParameters", DropParameters.Count, errors);
        CheckCount("renameParameters", RenameParameters.Count, errors);
        CheckCount("defaults", Defaults.Count, errors);
        for (var i = 0; i < DropParameters.Count; i++)
        {
            CheckFixed(DropParameters[i], [.. Fixed, .. Limits], errors.At("dropParameters").At(i));
        }

        foreach (var (from, to) in RenameParameters)
        {
            CheckFixed(from, Fixed, errors.At("renameParameters").At(from));
            CheckFixed(to, Fixed, errors.At("renameParameters").At(from));
            if (from == to || RenameParameters.ContainsKey(to) || RenameParameters.Values.Count(v => v == to) > 1 || DropParameters.Contains(from))
            {
                errors.At("renameParameters").Add(from, $"is '{to}'; each member may be renamed once, to a name that no other gets, and not be dropped too.");
            }
        }

        foreach (var name in Defaults.Keys)
        {
            CheckFixed(name, Fixed, errors.At("defaults").At(name));
        }
    }

    private static void CheckCount(string member, int count, SettingsErrors errors)
    {
        if (count > MostParameters)
        {
            errors.Add(member, $"has {count} members; {MostParameters} are the most.");
        }
    }

    private static void CheckFixed(string name, string[] forbidden, SettingsErrors errors)
    {
        if (forbidden.Contains(name))
        {
            errors.Add(null, $"names '{name}'; it may name any member of a request but {string.Join(", ", forbidden)}.");
        }
    }
}

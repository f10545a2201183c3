using System.ComponentModel.DataAnnotations;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.RequestLog;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Whether a tenant's requests and answers are kept with their texts, for those who look into what happened.</summary>
public sealed record RequestLogSettings
{
    /// <summary>Days that they are kept where nothing else is said, and of a tenant that is there no more.</summary>
    internal const int StandardDays = 30;

    private const int MostPatterns = 32;

    /// <summary>Whether they are kept. No text is kept otherwise.</summary>
    public bool Enabled { get; init; }

    /// <summary>What is blotted out before anything is written: e-mail addresses, phone numbers, card numbers, bank accounts (IBAN), keys and tokens of services.</summary>
    [AllowedValues("email", "phone", "card", "iban", "key")]
    public IReadOnlyList<string> Redact { get; init; } = ["email", "phone", "card", "iban", "key"];

    /// <summary>Regular expressions of more that is blotted out, at most 32. They run in linear time: look-arounds and references back are not possible.</summary>
    [StringLength(512)]
    public IReadOnlyList<string> RedactPatterns { get; init; } = [];

    /// <summary>How long they are kept, days.</summary>
    /// <value>Default 30; 1 to 3,650.</value>
    [Range(1, 3650)]
    public int RetentionDays { get; init; } = StandardDays;

    /// <summary>Most bytes that are kept of a request, and of an answer; what is longer is cut.</summary>
    /// <value>Default 65,536; 1,024 to 4,194,304.</value>
    [Range(1024, 4 * 1024 * 1024)]
    public int MaxBytes { get; init; } = 65_536;

    /// <summary>Blots out.</summary>
    internal Redactor Redactor { get; private set; } = Redactor.None;

    internal void Complete(SettingsErrors errors)
    {
        if (RedactPatterns.Count > MostPatterns)
        {
            errors.Add("redactPatterns", $"has {RedactPatterns.Count} entries; {MostPatterns} are the most.");
        }

        Redactor = new Redactor(Redact, RedactPatterns, (index, problem) => errors.At("redactPatterns").At(index).Add(null, problem));
    }
}

using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Usage;

/// <summary>Most tokens that a call can have used. Reasoning is not seen, so that only the limits of request and model bound it.</summary>
/// <param name="Input">Most prompt tokens.</param>
/// <param name="Output">Most completion tokens that a count may say, all choices together.</param>
/// <param name="Allowed">Most completion tokens that request and model allow, all choices together; infinite where neither says.</param>
internal readonly record struct UsageLimits(double Input, double Output, double Allowed)
{
    // The longest of any model on the market, with room to spare.
    private const double LongestContext = 2_097_152;
    private const double LongestAnswer = 262_144;

    // Providers count a few tokens beyond a limit: marks between messages, the last token.
    private const double Tolerance = 1.1;
    private const double Slack = 64;
    private const double MostChoices = 1024;

    public static UsageLimits Of(ChatCall call)
    {
        var (most, choices) = Asked(call.Body);
        var context = call.Options.ContextTokens > 0 ? call.Options.ContextTokens : LongestContext;
        double? ofModel = call.Options.MaxOutputTokens > 0 ? call.Options.MaxOutputTokens : null;
        var longest = most ?? ofModel ?? Math.Min(context, LongestAnswer);

        // A token has at least a byte, unless it stands for an image, a sound or a file.
        return new UsageLimits(
            call.Body.Length + (call.Kind == CallKind.Embeddings ? 0 : context * Tolerance), ((longest * Tolerance) + Slack) * choices, Math.Min(most ?? double.PositiveInfinity, ofModel ?? double.PositiveInfinity) * choices);
    }

    private static (double? Most, double Choices) Asked(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var request = document.RootElement;
        var most = Math.Min(Positive(request, "max_completion_tokens") ?? double.MaxValue, Positive(request, "max_tokens") ?? double.MaxValue);
        return (most < double.MaxValue ? most : null, Math.Clamp(Positive(request, "n") ?? 1, 1, MostChoices));
    }

    private static double? Positive(JsonElement request, string name) =>
        request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number > 0 ? number : null;
}

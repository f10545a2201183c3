using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MetaLlm.Gateway.Feedback;

/// <summary>
/// The idempotency key of feedback that came without one: the same content again is a repetition, other content a correction.
/// </summary>
internal static class ContentKey
{
    public static string Of(double reward, double weight, string? label, string? comment)
    {
        // A weight of 1 is left out: keys from before there were weights stay what they are.
        var weighed = weight == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"|{BitConverter.DoubleToInt64Bits(weight)}");

        // Lengths keep "a" + "bc" apart from "ab" + "c".
        var content = string.Create(
            CultureInfo.InvariantCulture,
            $"{BitConverter.DoubleToInt64Bits(reward == 0 ? 0 : reward)}|{label?.Length ?? -1}|{label}|{comment?.Length ?? -1}|{comment}{weighed}");
        return "content:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 16));
    }
}

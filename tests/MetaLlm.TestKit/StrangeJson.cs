using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MetaLlm.TestKit;

/// <summary>
/// Makes well-formed JSON strange: values of other kinds, members too many, and names that are legal JSON and no text. The same seed makes the same texts.
/// </summary>
/// <param name="seed">Seed of the changes.</param>
/// <param name="oneIn">Of how many values, names and places one is changed, on average; at least 2.</param>
public sealed class StrangeJson(int seed, int oneIn)
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "5", "-1", "1e308", "1e999", "\"\"", "\"x\"", "\"\\u0000\"", "\"\\ud800\"", "\"x\\udc00\"",
        "[]", "[null]", "[[]]", "{}", "{\"a\":1}", "{\"\\ud800\":1}", "{\"a\":[{\"b\\udfff\":{}}]}",
    ];

    private static readonly string[] Names =
        ["\\ud800", "x\\udfff", "\\udc00\\ud800", "\\u0000", "", "a", "id", "type", "type\\ud800", "choices\\ud800", "\\u0069d", "error"];

    private readonly Random _random = new(seed);

    /// <summary>A text like the one given, with some of its values and names changed and members added.</summary>
    /// <param name="json">A JSON text.</param>
    public string Change(string json)
    {
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        Write(document.RootElement, text);
        return text.ToString();
    }

    private void Write(JsonElement value, StringBuilder text)
    {
        if (Sometimes())
        {
            text.Append(Pick(Values));
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{').AppendJoin(',', value.EnumerateObject().SelectMany(Members)).Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[').AppendJoin(',', value.EnumerateArray().Select(Text)).Append(']');
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private IEnumerable<string> Members(JsonProperty member)
    {
        if (Sometimes())
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"\"{Pick(Names)}\":{Pick(Values)}");
        }

        yield return string.Create(CultureInfo.InvariantCulture, $"\"{(Sometimes() ? Pick(Names) : member.Name)}\":{Text(member.Value)}");
    }

    private string Text(JsonElement value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    private bool Sometimes() => _random.Next(oneIn) == 0;

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}

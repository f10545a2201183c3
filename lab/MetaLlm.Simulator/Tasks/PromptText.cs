using System.Text;

namespace MetaLlm.Simulator.Tasks;

/// <summary>The form in which prompts are looked up: white space collapsed, case folded.</summary>
internal static class PromptText
{
    public static string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        var pendingSpace = false;
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character))
            {
                pendingSpace = result.Length > 0;
                continue;
            }

            if (pendingSpace)
            {
                result.Append(' ');
            }

            pendingSpace = false;
            result.Append(char.ToLowerInvariant(character));
        }

        return result.ToString();
    }
}

using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Management;

/// <summary>Changes a JSON document by another one, as RFC 7396 has it: objects are merged, null removes a member, and everything else replaces what is there.</summary>
internal static class MergePatch
{
    /// <summary>Changes a document in place.</summary>
    /// <param name="document">The document.</param>
    /// <param name="patch">What changes.</param>
    public static void Apply(JsonObject document, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                document.Remove(name);
            }
            else if (value is JsonObject part)
            {
                if (document[name] is not JsonObject old)
                {
                    document[name] = old = [];
                }

                Apply(old, part);
            }
            else
            {
                document[name] = value.DeepClone();
            }
        }
    }
}

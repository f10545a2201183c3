using System.Text;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Http;

/// <summary>Builds the addresses of requests.</summary>
internal static class UpstreamAddress
{
    /// <summary>A path below a base address.</summary>
    public static string Join(Uri baseAddress, string path) => $"{baseAddress.AbsoluteUri.TrimEnd('/')}/{path}";

    /// <summary>Whether the configuration adds anything to the query.</summary>
    public static bool HasQuery(ChatCall call) => call.Endpoint.Query.Count + call.Options.Query.Count > 0;

    /// <summary>What the configuration adds to the query: what the upstream has, unless the model has its own of that name, then what the model has.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Query(ChatCall call) =>
        call.Endpoint.Query.Where(p => !call.Options.Query.Any(own => own.Key == p.Key)).Concat(call.Options.Query);

    /// <summary>An address with that query.</summary>
    /// <param name="address">An absolute address without a fragment.</param>
    /// <param name="call">The call.</param>
    public static Uri WithQuery(string address, ChatCall call)
    {
        if (!HasQuery(call))
        {
            return new Uri(address);
        }

        var text = new StringBuilder(address);
        var mark = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in Query(call))
        {
            text.Append(mark).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            mark = '&';
        }

        return new Uri(text.ToString());
    }
}

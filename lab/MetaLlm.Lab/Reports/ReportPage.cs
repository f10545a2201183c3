using System.Text.Encodings.Web;
using System.Text.Json;

namespace MetaLlm.Lab.Reports;

/// <summary>Makes one self-contained HTML page from an embedded template, the plot library and data.</summary>
/// <remarks>Plots are drawn by uPlot (MIT), which is embedded with its licence; the page loads nothing from anywhere.</remarks>
internal static class ReportPage
{
    // The default encoder escapes '<', so that no text in the data can close the script element.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Default };

    /// <summary>Renders a page.</summary>
    /// <param name="template">Name of the embedded template, such as <c>demo.html</c>.</param>
    /// <param name="data">What the page's script sees as <c>data</c>.</param>
    public static string Render<T>(string template, T data) =>
        Asset(template)
            .Replace("/*PLOT_STYLE*/", Asset("uPlot.min.css"), StringComparison.Ordinal)
            .Replace("/*PLOT_SCRIPT*/", Asset("uPlot.iife.min.js"), StringComparison.Ordinal)
            .Replace("/*DATA*/", JsonSerializer.Serialize(data, Json), StringComparison.Ordinal);

    private static string Asset(string name)
    {
        var resource = $"{typeof(ReportPage).Namespace}.Assets.{name}";
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

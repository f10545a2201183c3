using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Tenants;
using MetaLlm.Host.Admin;

namespace MetaLlm.Host.Prices;

/// <summary>
/// The command line of <c>prices</c>: compares the prices of a configuration with those that providers list, and shows those. Exit code 0 when all that are listed are equal, 1 when one
/// differs or there is nothing to show, 2 when the configuration or the gateway cannot be used.
/// </summary>
public static class PricesCommand
{
    private const int Different = 1;

    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output.</returns>
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The configuration file that 'serve' takes. Variables with keys need not be set.", HelpName = "FILE", Required = true };
        var url = new Option<string?>("--url") { Description = "Address of a running gateway, whose tenants of the directory are compared too. Their upstreams are those of the file.", HelpName = "URL" };
        var variable = new Option<string>("--key-env") { Description = "With --url: environment variable that holds the admin key.", HelpName = "NAME", DefaultValueFactory = _ => AdminOptions.DefaultVariable };
        var diff = new Command("diff", "Compares the prices of a configuration with the table of this build, and prints those that differ.") { config, url, variable };
        diff.SetAction((result, cancellationToken) => DiffAsync(
            result.GetRequiredValue(config), result.GetValue(url), result.GetRequiredValue(variable), result.InvocationConfiguration, cancellationToken));
        var model = new Argument<string>("MODEL") { Description = "A model, or how its name begins." };
        var show = new Command("show", "Shows what the table has of a model, with the tiers that no configuration names.") { model };
        show.SetAction((result, cancellationToken) => ShowAsync(result.GetRequiredValue(model), result.InvocationConfiguration));
        return new Command("prices", "List prices of providers, as they were on the day that the table names.") { diff, show };
    }

    private static async Task<int> DiffAsync(string configFile, string? url, string variable, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        try
        {
            using var file = ConfigurationFile.Open(configFile);

            // Only the prices are looked at, so that any text will do for a key.
            var settings = SettingsReader.Read<HostSettings>(
                file.Configuration, new SettingsContext { Variable = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : name, SourceError = () => file.Error });
            IEnumerable<TenantSettings> tenants = [.. settings.Tenants.Values, .. url is null ? [] : await ReadDirectoryAsync(url, variable, settings, cancellationToken)];
            var (now, unknown) = (DateTimeOffset.UtcNow, new List<string>());
            var compared = PriceComparison.Of(tenants.Select(tenant => tenant.At(now)), PriceTable.Bundled, unknown);
            await PrintAsync(compared, unknown, console.Output);
            return compared.All(one => one.IsEqual) ? 0 : Different;
        }
        catch (SettingsException error)
        {
            await console.Error.WriteLineAsync(error.Message);
            return ServeCommand.ConfigurationFailed;
        }
        catch (AdminException error)
        {
            await console.Error.WriteLineAsync($"metallm: {error.Message}");
            return ServeCommand.ConfigurationFailed;
        }
    }

    private static async Task<IReadOnlyList<TenantSettings>> ReadDirectoryAsync(string url, string variable, MetaLlmSettings settings, CancellationToken cancellationToken)
    {
        using var client = new AdminClient(url, variable);
        var tenants = new List<TenantSettings>();
        foreach (var (id, document) in await client.ListTenantsAsync(cancellationToken))
        {
            using var json = JsonDocument.Parse(document.ToJsonString());
            tenants.Add(TenantDocument.Read(id, json.RootElement, 0, settings));
        }

        return tenants;
    }

    private static async Task PrintAsync(IReadOnlyList<PriceComparison> compared, List<string> unknown, TextWriter output)
    {
        var different = compared.Where(one => !one.IsEqual).ToList();
        var width = different.Select(one => one.Place.Length).Append("model".Length).Max();
        if (different.Count > 0)
        {
            await output.WriteLineAsync($"{"model".PadRight(width)}  {"member",-24}  {"configured",10}  {"table",10}  {"ratio",7}");
        }

        foreach (var one in different)
        {
            var ratio = one.Listed > 0 ? (one.Configured / one.Listed).ToString("0.###", CultureInfo.InvariantCulture) : "-";
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{one.Place.PadRight(width)}  {one.Member,-24}  {one.Configured,10:0.######}  {one.Listed,10:0.######}  {ratio,7}"));
        }

        foreach (var place in unknown)
        {
            await output.WriteLineAsync($"not in the table: {place}");
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{compared.Count - different.Count} prices equal, {different.Count} differ, {unknown.Count} models not in the table of {PriceTable.Bundled.Read:yyyy-MM-dd} ({PriceTable.Bundled.Unit})"));
    }

    private static async Task<int> ShowAsync(string model, InvocationConfiguration console)
    {
        var table = PriceTable.Bundled;
        var found = table.Providers.SelectMany(provider => provider.Models.Where(listed => listed.Model.StartsWith(model, StringComparison.Ordinal)).Select(listed => (provider, listed))).ToList();
        if (found.Count == 0)
        {
            await console.Error.WriteLineAsync($"metallm: the table has no model whose name begins with '{model}'; it has {string.Join(", ", table.Providers.SelectMany(p => p.Models).Select(m => m.Model))}.");
            return Different;
        }

        foreach (var (provider, listed) in found)
        {
            await console.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{listed.Model} ({provider.Provider}, {provider.Page}), read on {provider.Read ?? table.Read:yyyy-MM-dd} from {provider.Source ?? table.Source}"));
            await console.Output.WriteLineAsync($"  {"standard",-12}{Rates(listed)}");
            foreach (var (name, tier) in ((string, TokenRates?)[])[($"above {listed.LongContext?.Above / 1000}k", listed.LongContext), ("batch", listed.Batch), ("flex", listed.Flex), ("priority", listed.Priority)])
            {
                if (tier is not null)
                {
                    await console.Output.WriteLineAsync($"  {name,-12}{Rates(tier)}");
                }
            }
        }

        await console.Output.WriteLineAsync(table.Unit);
        return 0;
    }

    private static string Rates(TokenRates rates)
    {
        (string Name, double? Usd)[] kinds = [("input", rates.Input), ("cached", rates.CachedInput), ("cache write", rates.CacheWrite), ("output", rates.Output)];
        return string.Join("  ", kinds.Where(kind => kind.Usd is not null).Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Name} {kind.Usd:0.######}")));
    }
}

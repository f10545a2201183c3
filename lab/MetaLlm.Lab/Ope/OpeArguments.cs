using System.CommandLine;
using System.Globalization;
using MetaLlm.Evaluation.Log;
using MetaLlm.Lab.Reports;
using MetaLlm.Core.Bandits;
using MetaLlm.Engine.Configuration;
using MetaLlm.Host;
using MetaLlm.Storage;
using MetaLlm.Storage.Postgres;

namespace MetaLlm.Lab.Ope;

/// <summary>The options of <c>ope</c> on the command line, and how they become <see cref="OpeOptions"/>.</summary>
internal sealed class OpeArguments
{
    private readonly Option<string> _sqlite = Text("--sqlite", "PATH", "SQLite file that holds the log.");
    private readonly Option<string> _postgres = Text(
        "--postgres", "CONNECTION", "PostgreSQL database that holds the log, instead of --sqlite: 'Host=...;Database=...;Username=...'; PGPASSWORD may hold the password.");
    private readonly Option<string> _config = Text("--config", "FILE", "Configuration of the gateway whose database holds the log, instead of --sqlite or --postgres.");
    private readonly Option<string> _log = Text("--log", "FILE", "File that metallm export wrote, instead of a database.");
    private readonly Option<string> _archive = Text("--archive", "DIR", "Archive of the gateway (retention.archive): decisions that are in the database no more [default: none].");
    private readonly Option<string> _tenant = Text("--tenant", "T", "The tenant.", required: true);
    private readonly Option<string> _policy = Text("--policy", "NAME[,NAME...]", "Policies to evaluate; each learns from the log's past.");
    private readonly Option<string[]> _option = new("--option") { HelpName = "k=v", Description = "Option of the policy; repeatable; with one policy only." };
    private readonly Option<string> _arm = Text("--arm", "ARM[,ARM...]", "Arms to evaluate as if each served everything.");
    private readonly Option<bool> _uniform = new("--uniform") { Description = "Evaluate the policy that chooses all arms equally often." };
    private readonly Option<string> _priceWeight = Text("--price-weight", "P", "Shadow price at which policies are asked, quality per USD [default: the one in force].");
    private readonly Option<string> _switch = Text("--switch", "W", "Weight above which SWITCH-DR trusts the model alone [default: square root of the decisions].");
    private readonly Option<string> _since = Text("--since", "TIME", "First decision to look at: a date or time, UTC unless it says otherwise [default: the first]. Policies learn from earlier ones too.");
    private readonly Option<string> _until = Text("--until", "TIME", "Time before which the last decision was made [default: no end].");
    private readonly Option<string> _json = Text("--json", "FILE", "File that receives the report [default: none].");

    // Stands for what could not be read: a problem was reported, and nothing is done with it.
    private static readonly StorageSettings Nowhere = new();

    /// <summary>Every option, in the order of the help text.</summary>
    public IReadOnlyList<Option> All => [_sqlite, _postgres, _config, _log, _archive, _tenant, _policy, _option, _arm, _uniform, _priceWeight, _switch, _since, _until, _json];

    /// <summary>Interprets what was given.</summary>
    /// <exception cref="BadInputException">Values are not usable; every one is reported.</exception>
    public OpeOptions Read(ParseResult parsed)
    {
        var values = new OptionValues();
        var log = parsed.GetValue(_log);
        var storage = ReadStorage(values, parsed.GetValue(_sqlite), parsed.GetValue(_postgres), parsed.GetValue(_config), log);
        IReadOnlyList<string> policies = parsed.GetValue(_policy) is { } names ? values.Names("--policy", names) : [];
        var options = new OpeOptions
        {
            Storage = storage,
            LogFile = log,
            Archive = ReadArchive(values, parsed.GetValue(_archive)),
            Tenant = parsed.GetValue(_tenant)!,
            Policies = policies,
            PolicyOptions = ReadPolicyOptions(values, policies, parsed.GetValue(_option) ?? []),
            Arms = parsed.GetValue(_arm) is { } arms ? values.Names("--arm", arms) : [],
            Uniform = parsed.GetValue(_uniform),
            PriceWeight = parsed.GetValue(_priceWeight) is { } price ? values.Number("--price-weight", price, "a finite number of at least 0", n => n >= 0) : null,
            SwitchAt = parsed.GetValue(_switch) is { } at ? values.Number("--switch", at, "a finite number of at least 0", n => n >= 0) : null,
            Period = ReadPeriod(values, parsed.GetValue(_since), parsed.GetValue(_until)),
            JsonFile = parsed.GetValue(_json),
        };
        if (options.Policies.Count == 0 && options.Arms.Count == 0 && !options.Uniform)
        {
            values.Problem("Nothing to evaluate: give --policy, --arm or --uniform.");
        }

        values.ThrowIfAnyProblem();
        OutputFile.Check("--json", options.JsonFile);
        return options;
    }

    private static string? ReadArchive(OptionValues values, string? archive)
    {
        if (archive is not null && !Directory.Exists(archive))
        {
            values.Problem($"--archive: there is no directory {archive}.");
        }

        return archive;
    }

    private static LogPeriod? ReadPeriod(OptionValues values, string? since, string? until)
    {
        var period = new LogPeriod(ReadTime(values, "--since", since), ReadTime(values, "--until", until));
        if (period.Until <= period.Since)
        {
            values.Problem($"--until: {until} is not usable; it must be later than --since {since}.");
        }

        return since is null && until is null ? null : period;
    }

    private static DateTimeOffset? ReadTime(OptionValues values, string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        values.Problem($"{option}: {text} is not usable; it must be a date or a time such as 2026-05-01 or 2026-05-01T12:00:00Z.");
        return null;
    }

    private static StorageSettings ReadStorage(OptionValues values, string? sqlite, string? postgres, string? config, string? log)
    {
        if (new[] { sqlite, postgres, config, log }.Count(one => one is not null) != 1)
        {
            values.Problem("Give exactly one of --sqlite, --postgres, --config and --log.");
            return Nowhere;
        }

        if (log is not null)
        {
            if (!File.Exists(log))
            {
                values.Problem($"--log: there is no file {log}.");
            }

            return Nowhere;
        }

        if (postgres is not null)
        {
            return new StorageSettings { Kind = PostgresDriver.Kind, Postgres = { ConnectionString = postgres } };
        }

        var option = sqlite is null ? "--config" : "--sqlite";
        if (!File.Exists(sqlite ?? config))
        {
            values.Problem($"{option}: there is no file {sqlite ?? config}.");
            return Nowhere;
        }

        var storage = sqlite is null ? Configured(values, config!) : new StorageSettings { Sqlite = { Path = sqlite } };
        if (storage.Driver.FileOf(storage) is { } path && !File.Exists(path))
        {
            values.Problem($"{option}: there is no database {path}.");
        }

        return storage;
    }

    private static StorageSettings Configured(OptionValues values, string config)
    {
        try
        {
            return StorageConfiguration.Read(config);
        }
        catch (SettingsException e)
        {
            foreach (var error in e.Errors)
            {
                values.Problem($"--config: {error}");
            }

            return Nowhere;
        }
    }

    private static Dictionary<string, double> ReadPolicyOptions(OptionValues values, IReadOnlyList<string> policies, string[] texts)
    {
        var known = PolicyRegistry.All.Select(p => p.Name).ToArray();
        foreach (var policy in policies.Where(p => p.Length > 0 && !known.Contains(p)))
        {
            values.Problem($"--policy: there is no policy {policy}; the policies are {string.Join(", ", known)}.");
        }

        var options = new Dictionary<string, double>(StringComparer.Ordinal);
        if (texts.Length > 0 && policies.Count != 1)
        {
            values.Problem("--option: it needs exactly one --policy.");
            return options;
        }

        foreach (var text in texts)
        {
            var parts = text.Split('=', 2);
            var legal = PolicyRegistry.Find(policies[0])?.Options ?? [];
            if (parts.Length != 2 || legal.FirstOrDefault(o => o.Name == parts[0]) is not { } option)
            {
                values.Problem($"--option: {text} is not usable; it must be NAME=NUMBER with one of {string.Join(", ", legal.Select(o => o.Name))}.");
                continue;
            }

            options[option.Name] = values.Number(
                $"--option {option.Name}",
                parts[1],
                FormattableString.Invariant($"a number from {option.Minimum} to {option.Maximum}"),
                n => n >= option.Minimum && n <= option.Maximum);
        }

        return options;
    }

    private static Option<string> Text(string name, string helpName, string description, bool required = false) =>
        new(name) { HelpName = helpName, Description = description, Required = required };
}

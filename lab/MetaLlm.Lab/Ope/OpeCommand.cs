using System.CommandLine;

namespace MetaLlm.Lab.Ope;

/// <summary>The verb <c>ope</c>: estimates from a log what another policy would have earned.</summary>
internal static class OpeCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="environment">What the command works with.</param>
    public static Command Create(LabEnvironment environment)
    {
        var arguments = new OpeArguments();
        var command = new Command("ope", "Off-policy evaluation: estimates from the decision log what another policy would have earned and spent.");
        foreach (var option in arguments.All)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => new OpeHandler(environment).RunAsync(arguments.Read(parsed), cancellationToken));
        return command;
    }
}

using System.CommandLine;

namespace MetaLlm.Lab.Replay;

/// <summary>The verb <c>replay</c>: plays recorded outcomes to policies and reports what they would have earned and spent.</summary>
internal static class ReplayCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="environment">What the command works with.</param>
    public static Command Create(LabEnvironment environment)
    {
        var arguments = new ReplayArguments();
        var command = new Command("replay", "Replays recorded outcomes to policies, with bandit feedback only, and reports reward, cost and regret.");
        foreach (var option in arguments.All)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) =>
            new ReplayHandler(environment).RunAsync(arguments.Read(parsed), cancellationToken));
        return command;
    }
}

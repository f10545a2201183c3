using System.Text;

namespace MetaLlm.Lab.Reports;

/// <summary>Files that a verb writes: checked before any work, and written whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Checks before any work that the file can be written.</summary>
    /// <param name="option">Name of the option, for the message.</param>
    /// <param name="file">Path of the file; null is not checked.</param>
    /// <exception cref="BadInputException">Its directory does not exist, or the path is a directory.</exception>
    public static void Check(string option, string? file)
    {
        if (file is null)
        {
            return;
        }

        if (file.Length == 0 || Directory.Exists(file))
        {
            throw new BadInputException($"{option}: '{file}' is not usable; it must be the path of a file.");
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (!Directory.Exists(directory))
        {
            throw new BadInputException($"{option}: there is no directory {directory}.");
        }
    }

    /// <summary>Writes the whole file or nothing: readers see the old content until the new one is complete.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="write">Writes the content.</param>
    public static async Task WriteAsync(string file, Func<Stream, Task> write)
    {
        var temporary = $"{Path.GetFullPath(file)}.{Environment.ProcessId}.tmp";
        try
        {
            await using (var stream = File.Create(temporary))
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes a text as UTF-8.</summary>
    public static Task WriteAsync(string file, string text, CancellationToken cancellationToken) =>
        WriteAsync(file, stream => stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).AsTask());
}

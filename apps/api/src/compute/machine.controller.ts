import { Endpoint } from '@mallo/backend';
import { systemRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { MachineService } from './machine.service.js';

@Controller()
export class MachineController {
  constructor(private readonly machine: MachineService) {}

  @Endpoint(routes.machine)
  describe(): ReturnType<MachineService['describe']> {
    return this.machine.describe();
  }
}
